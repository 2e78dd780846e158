"""How the workshop was held and counted, in plain words, and what its numbers can and cannot say."""

from reports.firm.view_parts import Fact
from reports.workshop.cover import group_sizes
from reports.workshop.material import Material
from reports.workshop.priorities import rule_words
from reports.workshop.view import Method


def build_method(m: Material) -> Method:
    w = m.words
    paragraphs = [
        Fact(w.gettext("Who was asked"), _people(m)),
        Fact(w.gettext("How levels were settled"), _levels(m)),
        Fact(w.gettext("How the short list came about"), _list(m)),
        Fact(w.gettext("How the order came about"), _order(m)),
        Fact(w.gettext("When the asking ended"), _stopping(m)),
        Fact(w.gettext("How sure the order is"), _certainty(m)),
        Fact(w.gettext("What these numbers can say, and what they cannot"), _limits(m)),
        Fact(w.gettext("What is not shown"), _hidden(m)),
        Fact(w.gettext("Where the questionnaire comes from"), _origin(m)),
        Fact(w.gettext("Version"), _version(m)),
    ]
    return Method("method", w.gettext("Method and limits"), tuple(each for each in paragraphs if each.value))


def _people(m: Material) -> str:
    w = m.words
    return w.gettext(
        "%(groups)s. Everybody said themselves which group they belong to, and answered on a phone or on paper without "
        "a name.",
        groups=w.pgettext("between facts", "; ").join(group_sizes(m)),
    )


def _levels(m: Material) -> str:
    w, said = m.words, {"agreement": m.words.number(m.rules["agreement"], 1)}
    return w.gettext(
        "Nobody saw any vote before all were in. The median of the votes is suggested; a question counts as agreed "
        "when agreement (van der Eijk's A) is %(agreement)s or more, three quarters of the votes lie on two "
        "neighbouring levels, no more than a third do not know, and no two groups are clearly apart. Agreement says "
        "that the room may go on, not that it is right.",
        **said,
    )


def _list(m: Material) -> str:
    w, listed = m.words, [each for each in m.record["gaps"] if each["is_listed"]]
    if not listed:
        return ""
    by_hand = sum(each["is_listed"] != each["is_proposed"] for each in m.record["gaps"])
    said = w.gettext(
        "Of %(all)s gaps the %(n)s largest by gap times weight were put on the list.",
        all=w.count(len(m.record["gaps"])),
        n=w.count(len(listed)),
    )
    if not by_hand:
        return said
    changed = w.ngettext(
        "%(n)s was taken on or off by hand, with the reason on record.",
        "%(n)s were taken on or off by hand, with the reason on record.",
        by_hand,
    )
    return f"{said} {changed}"


def _order(m: Material) -> str:
    w, said = m.words, {"screens": m.words.count(int(m.rules["screens"]))}
    return w.gettext(
        "Each person saw %(screens)s screens of four gaps and chose the most and the least important of each, or "
        "skipped it. A gap's score is how often it was chosen as most less how often as least, over how often it was "
        "shown; for each group by itself, then the mean of the groups, so that a large group does not outvote a small "
        "one. What the first round left open was rated once more by urgency and feasibility, from 1 to 5; those gaps "
        "share out their places by the product of the two. The first round was never overwritten.",
        **said,
    )


def _stopping(m: Material) -> str:
    w, rules = m.words, m.rules
    said = {
        "settled": w.percent(1 - rules["settled"]),
        "unsettled": w.percent(rules["settled"]),
        "change": w.percent(rules["least_change"]),
        "rounds": w.count(int(rules["most_rounds"])),
    }
    fixed = w.gettext(
        "Fixed before the workshop began: stop when every chance to be among the first is above %(settled)s or below "
        "%(unsettled)s, or fewer than %(change)s of the answers changed, or the time is used up, or after %(rounds)s "
        "rounds.",
        **said,
    )
    return f"{fixed} {rule_words(m)}" if m.priorities else fixed


def _certainty(m: Material) -> str:
    w = m.words
    if m.priorities is None:
        return ""
    drawn = m.priorities["drawn"]
    return w.gettext(
        "The people of each group were drawn anew %(draws)s times, as if others like them had come; bars hold nine "
        "draws in ten, chances are shares of the draws. Measured over simulated rooms, such bars hold the true place "
        "about as often as they say; the method page of this service prints the figures.",
        draws=w.count(drawn["draws"]),
    )


def _limits(m: Material) -> str:
    return m.words.gettext(
        "They say what the people in this room saw and wanted on this day. They are no survey of a country or of a "
        "value chain, no measurement and no audit: who was not invited has no voice in them. The bars speak of who "
        "might have come from the same groups, not of whether the room is right. Costs, days and months are estimates."
    )


def _hidden(m: Material) -> str:
    return m.words.gettext(
        "Nothing is shown of a group of fewer than five people by itself, nor anything from which its votes could be "
        "worked out. In the priorities small groups are counted together, or with the largest group. No ballot of any "
        "person is in this report, its workbook or its file for checking: a few choices and the list of seats are "
        "enough to find out whose they are."
    )


def _origin(m: Material) -> str:
    w, source = m.words, m.questionnaire.source
    said = [w.listed([w.foreign(author) for author in source.authors]), source.name, str(source.year or "")]
    text = ", ".join(part for part in (*said, source.url or "") if part) + "."
    licence = w.gettext("Licence: %(licence)s.", licence=source.licence)
    return " ".join(part for part in (text, source.note or "", licence) if part)


def _version(m: Material) -> str:
    w, versions = m.words, m.record["versions"]
    return w.gettext(
        "Questionnaire %(id)s, version %(version)s, fingerprint %(hash)s. Protocol %(protocol)s, scoring %(scoring)s, "
        "seed %(seed)s. Record %(record)s; its file can be checked with 'fourward workshop verify'.",
        id=w.left_to_right(versions["questionnaire"]),
        version=versions["questionnaire_version"],
        hash=versions["questionnaire_sha256"][:12],
        protocol=w.left_to_right(versions["protocol"]),
        scoring=w.left_to_right(str(versions["scoring"])),
        seed=str(versions["seed"]),
        record=m.fingerprint,
    )
