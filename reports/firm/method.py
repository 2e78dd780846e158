"""How the report was made, how far it can be trusted, and to whom it belongs."""

from reports.firm import names
from reports.firm.material import Material
from reports.firm.view import MethodSection
from reports.firm.view_parts import Fact
from scoring.roadmap import Infeasible

FINGERPRINT = 12  # digits of the hash that are printed


def build_method(m: Material) -> MethodSection:
    w = m.words
    paragraphs = [
        Fact(w.gettext("Where the questionnaire comes from"), _origin(m)),
        Fact(w.gettext("Weights and thresholds"), _basis(m)),
        Fact(w.gettext("Scores"), _scores(m)),
    ]
    if m.result.gaps:
        paragraphs.append(Fact(w.gettext("Gaps and target"), _target(m)))
    if m.roadmap is not None and not isinstance(m.result.roadmap, Infeasible):
        paragraphs.append(Fact(w.gettext("Roadmap"), _roadmap(m)))
    paragraphs += [
        Fact(w.gettext("Limits"), _limits(m)),
        Fact(w.gettext("Data protection"), _protection(m)),
        Fact(w.gettext("Version"), _version(m)),
    ]
    return MethodSection("method", w.gettext("Method and limits"), tuple(paragraphs))


def _origin(m: Material) -> str:
    w, source = m.words, m.questionnaire.source
    said = [w.listed([w.foreign(author) for author in source.authors]), source.name, str(source.year or "")]
    said += [source.url or ""]
    text = ", ".join(part for part in said if part) + "."
    licence = w.gettext("Licence: %(licence)s.", licence=source.licence)
    return " ".join(part for part in (text, source.note or "", licence) if part)


def _basis(m: Material) -> str:
    w, profiles = m.words, m.questionnaire.profiles
    edge = (
        w.gettext("A score on a threshold belongs to the profile that begins there.")
        if profiles.closed == "lower"
        else w.gettext("A score on a threshold belongs to the profile that ends there.")
    )
    return f"{names.bases(w)[m.questionnaire.source.basis]} {edge}"


def _scores(m: Material) -> str:
    w = m.words
    rules = names.rules(w)
    sentences = [w.gettext("A score is %(rule)s.", rule=rules[m.questionnaire.aggregate])]
    for rule in dict.fromkeys(each.aggregate for each in m.questionnaire.walk()):
        titles = [each.title for each in m.questionnaire.walk() if each.aggregate == rule]
        if rule is not None and rule != m.questionnaire.aggregate:
            said = {"rule": rules[rule], "dimensions": w.listed(titles)}
            sentences.append(w.gettext("Instead it is %(rule)s in: %(dimensions)s.", **said))
    sentences.append(
        {
            "exclude": w.gettext("Missing answers are left out; the weights of the others then make up the whole."),
            "lowest": w.gettext("Missing answers count as the lowest score."),
            "refuse": w.gettext("There is no score before every question is answered."),
        }[m.questionnaire.missing]
    )
    sentences.append(w.gettext("'Does not apply to us' is always left out."))
    return " ".join(sentences)


def _target(m: Material) -> str:
    w, target = m.words, m.result.target
    if target.levels:
        return w.gettext("The target is the firm's own choice, and the next level where it chose none.")
    if target.scores:
        return w.gettext("The target is the programme's, and the next level where it names none.")
    return w.gettext("The target of each question is its next level.")


def _roadmap(m: Material) -> str:
    w = m.words
    return w.gettext(
        "The actions and their times solve a mixed-integer programme (solver: HiGHS): the largest gain in readiness, "
        "sooner rather than later, within money, staff days and time, with everything an action needs before it. "
        "Costs, days and gains are planning figures; a plan of this kind is to be looked at again every half year."
    )


def _limits(m: Material) -> str:
    if m.result.benchmark is not None:
        return m.words.gettext(
            "This is a self-assessment at one moment: it shows what the people who answered see. It is no audit, no "
            "certificate, and no promise of results. Its peers took part of their own will and were asked the same "
            "questions; why they differ is not told. The best score everywhere is not the aim; what serves the firm is."
        )
    return m.words.gettext(
        "This is a self-assessment at one moment: it shows what the people who answered see. It is no audit, no "
        "certificate, and no promise of results. It does not compare the firm with others. The best score everywhere "
        "is not the aim; what serves the firm is."
    )


def _protection(m: Material) -> str:
    gave_evidence = any(file.by for files in m.result.facts.evidence.values() for file in files)
    if gave_evidence:
        return m.words.gettext(
            "The report holds the firm's own answers and notes and was made for the firm. Who else may read it, the "
            "firm decides. The annex names who gave which file as evidence; otherwise the report names no persons "
            "unless the firm wrote their names."
        )
    return m.words.gettext(
        "The report holds the firm's own answers and notes and was made for the firm. Who else may read it, the firm "
        "decides. It names no persons unless the firm wrote their names."
    )


def _version(m: Material) -> str:
    w, definition = m.words, m.result.definition
    said = {
        "id": definition.questionnaire.id,
        "version": definition.questionnaire.version,
        "hash": definition.sha256[:FINGERPRINT],
    }
    return w.gettext("Questionnaire %(id)s, version %(version)s, fingerprint %(hash)s.", **said)
