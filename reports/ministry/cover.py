"""The cover, the contents, how to read the report, and the facts that a data sheet opens with."""

from reports.firm.view_parts import Entry, Fact
from reports.ministry.material import Material
from reports.workshop.view import Cover, Reading


def build_cover(m: Material, title: str) -> Cover:
    w, release, machine_made = m.words, m.manifest["release"], m.words.is_machine_made or m.translated.machine_made > 0
    every = m.all_firms
    said = ""
    if every.has_interval:
        said = w.pgettext("a mean and its interval", "%(mean)s (%(interval)s)", mean=m.score(every.mean),
                          interval=m.interval(every))  # fmt: skip
    return Cover(
        kicker=m.questionnaire.title,
        title=title,
        name=w.foreign(str(release["programme"])),
        first_label=w.gettext("Mean readiness of the firms in the programme, %(low)s to %(high)s",
                              low=w.plain(m.scale.min), high=w.plain(m.scale.max)) if said else "",
        first=said,
        facts=facts(m),
        note=w.gettext(
            "These firms came by themselves. They are not the country's firms; see how far they stand for "
            "them."
        ),
        machine_translation=w.gettext("Machine translation, not yet reviewed") if machine_made else "",
    )  # fmt: skip


def facts(m: Material) -> tuple[Fact, ...]:
    w, release = m.words, m.manifest["release"]
    lines = (
        (w.gettext("Release"), _numbered(m)),
        (w.gettext("Made on"), w.day(str(release["made_at"])[:10]) if release.get("made_at") else ""),
        (w.gettext("Year"), m.wave),
        (w.gettext("Firms"), m.n(m.all_firms)),
        (w.gettext("Questionnaire"), w.left_to_right(str(release["questionnaire"]))),
        (w.gettext("Hash"), w.left_to_right(str(m.manifest.get("cube_sha256", ""))[:12].upper())),
    )
    return tuple(Fact(label, value) for label, value in lines if value)


def _numbered(m: Material) -> str:
    release = m.manifest["release"]
    title = m.words.foreign(str(release.get("title") or ""))
    number = m.words.count(int(release["number"]))
    return (
        m.words.pgettext("a number and a title", "%(number)s: %(title)s", number=number, title=title)
        if title
        else number
    )


def build_reading(m: Material, contents: tuple[Entry, ...]) -> Reading:
    w, rules = m.words, m.rules
    how = (
        w.gettext("The title of every table and chart says what it finds, and never more than its intervals allow."),
        w.gettext(
            "n is the number of firms, rounded to %(base)s. Behind a mean stands its 95 %% interval: the model-based "
            "precision, which assumes that inside a cell the firms that took part are like the others. It is no "
            "sampling error of a random sample.",
            base=w.count(int(rules["rounded_to"])),
        ),
        w.gettext(
            "Two figures whose intervals overlap are not told apart here. Groups are named, ranks are not given."
        ),
        w.gettext(
            "The letter u marks unsure figures: fewer than 30 firms, or an interval wider than a fifth of the scale."
        ),
        w.gettext(
            "A hatched cell, or the word “held back”, hides a figure that would tell of single firms, or from which "
            "another hidden one could be worked out; nobody is told which. No cell holds fewer than %(threshold)s "
            "firms. "
            "A dash stands where no firm was assessed.",
            threshold=w.count(int(rules["threshold"])),
        ),
        w.gettext("The same tables can be downloaded, with everything that is held back here held back there."),
    )
    return Reading("contents", w.gettext("Contents"), contents, w.gettext("How to read this report"), how)
