"""What everybody may know of a release: whom it is about, how sure it is, by which rules, and how to cite it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.release.cube import ORDER, SHOWN, SIDES
from reports.release.labels import Labels

HELD_SIGN = ":c"
LICENCE = "CC BY 4.0"
LICENCE_LINK = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str


def facts(manifest: Mapping[str, Any], labels: Labels) -> tuple[tuple[Fact, ...], ...]:
    """Four lists: what it is, whom it is about, by which rules, and how sure it is. What is not known is left out."""
    return (
        tuple(_what(manifest, labels)),
        tuple(_whom(manifest, labels)),
        tuple(_rules(manifest, labels)),
        tuple(_sure(manifest, labels)),
    )


def _what(manifest: Mapping[str, Any], labels: Labels) -> list[Fact]:
    say, release = labels.wording.gettext, manifest.get("release", {})
    found = [
        Fact(say("Programme"), labels.wording.foreign(str(release.get("programme", "")))),
        Fact(say("Release"), labels.wording.count(int(release.get("number", 0)))),
        Fact(say("Made on"), labels.wording.day(str(release.get("made_at", ""))[:10])),
        Fact(say("Questionnaire"), labels.wording.left_to_right(str(release.get("questionnaire", "")))),
        Fact(say("Years"), labels.wording.listed([str(wave) for wave in manifest.get("waves", ())])),
        Fact(say("Made with"), labels.wording.left_to_right(f"Fourward {release.get('code_version', '')}".strip())),
    ]
    return [fact for fact in found if fact.text]


def _whom(manifest: Mapping[str, Any], labels: Labels) -> list[Fact]:
    say, count = labels.wording.gettext, labels.wording.count
    population, coverage = manifest.get("population", {}), manifest.get("coverage", {})
    waves = population.get("by_wave") or {}
    # Added up over years, firms that come again would count twice.
    found = [] if waves else [Fact(say("Firms"), _about(population.get("firms"), labels))]
    for wave, each in waves.items():
        found.append(Fact(say("Firms in %(year)s", year=wave), _about(each.get("firms"), labels)))
    found += [
        Fact(say("Assessed by the firm itself"), _by_wave(population, "self", labels)),
        Fact(say("Verified by an assessor"), _by_wave(population, "verified", labels)),
    ]
    if isinstance(coverage.get("frame"), int | float):
        found.append(Fact(say("Firms in the business register"), count(int(coverage["frame"]))))
    total = coverage.get("total") or {}
    if total.get("status") == SHOWN and isinstance(total.get("share"), int | float):
        found.append(Fact(say("Share of them in this release"), _per_cent(total["share"], labels)))
    source = ", ".join(str(coverage[name]) for name in ("source", "as_of") if coverage.get(name))
    found.append(Fact(say("Source of the register"), labels.wording.foreign(source)))
    return [fact for fact in found if fact.text]


def _rules(manifest: Mapping[str, Any], labels: Labels) -> list[Fact]:
    say, count, rules = labels.wording.gettext, labels.wording.count, manifest.get("rules", {})
    cells = manifest.get("cells", {})
    found = []
    if "threshold" in rules:
        text = say("at least %(n)s, counted as enterprise groups", n=count(rules["threshold"]))
        found.append(Fact(say("Firms in a cell that is shown"), text))
    if "rounded_to" in rules:
        found.append(Fact(say("Numbers of firms are rounded to"), count(rules["rounded_to"])))
    if "decimals" in rules:
        found.append(Fact(say("Decimals of a score"), count(rules["decimals"])))
    if "quartiles_from" in rules:
        found.append(Fact(say("Quartiles are shown from"), _firms(rules["quartiles_from"], labels)))
    if "tails_from" in rules:
        found.append(Fact(say("10th and 90th percentiles are shown from"), _firms(rules["tails_from"], labels)))
    if "shown" in cells:
        text = say("%(shown)s shown, %(held)s held back", shown=count(cells["shown"]), held=count(cells["held_back"]))
        found.append(Fact(say("Cells"), text))
    return found


def _sure(manifest: Mapping[str, Any], labels: Labels) -> list[Fact]:
    say, weights = labels.wording.gettext, manifest.get("coverage", {}).get("weights") or {}
    names = {"deff": say("Design effect of the weights"), "n_eff": say("Effective number of firms")}
    found = [
        Fact(name, labels.wording.number(float(weights[key]), 1 if key == "deff" else 0))
        for key, name in names.items()
        if isinstance(weights.get(key), int | float)
    ]
    secrets = manifest.get("protection", {}).get("secrets")
    if secrets is not None:
        text = say("%(n)s sums that nobody may work out were tried by linear programs; none can be",
                   n=labels.wording.count(secrets))  # fmt: skip
        found.append(Fact(say("Checked before it went out"), text))
    return found


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of the business register a group's firms are; signs where it is held back."""

    name: str
    register: str
    firms: str
    share: str
    mean: str  # weighted to the register, with its interval; empty where there is none


def covered(manifest: Mapping[str, Any], labels: Labels) -> tuple[tuple[str, tuple[Covered, ...]], ...]:
    """The groups of each margin of the register, under the margin's name. A group that is held back has a sign."""
    margins = manifest.get("coverage", {}).get("margins") or {}
    return tuple(
        (labels.side(name), tuple(_covered(SIDES[name], row, labels) for row in _listed(SIDES[name], rows)))
        for name, rows in margins.items()
        if name in SIDES and rows
    )


def _listed(column: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """In the order in which codes of the column are listed everywhere: micro before large."""
    order = ORDER.get(column, ())
    return sorted(rows, key=lambda row: order.index(row["code"]) if row["code"] in order else len(order))


def _covered(column: str, row: Mapping[str, Any], labels: Labels) -> Covered:
    name, register = labels.coded(column, str(row["code"])), labels.wording.count(int(row["frame"]))
    if row["status"] != SHOWN:
        return Covered(name, register, HELD_SIGN, HELD_SIGN, HELD_SIGN)
    share = row.get("share")
    share_text = "" if share is None else _per_cent(share, labels)
    return Covered(name, register, labels.wording.count(int(row["n"])), share_text, _weighted(row, labels))


def _weighted(row: Mapping[str, Any], labels: Labels) -> str:
    if row.get("weighted_mean") is None:
        return ""
    words = labels.wording
    mean, low, high = (words.number(float(row[name]), 1) for name in ("weighted_mean", "low", "high"))
    interval = words.pgettext("an interval", "%(low)s to %(high)s", low=low, high=high)
    return words.pgettext("a mean and its interval", "%(mean)s (%(interval)s)", mean=mean, interval=interval)


def _per_cent(share: float, labels: Labels) -> str:
    """A share that is in per cent already, with a decimal only where it has one."""
    return labels.wording.gettext("%(share)s%%", share=labels.wording.plain(float(share)))


def _firms(n: int, labels: Labels) -> str:
    return labels.wording.ngettext("%(n)s firm", "%(n)s firms", n)


def _about(n: Any, labels: Labels) -> str:
    return labels.wording.gettext("about %(n)s", n=labels.wording.count(int(n))) if isinstance(n, int | float) else ""


def _by_wave(population: Mapping[str, Any], name: str, labels: Labels) -> str:
    """A number of firms, year by year."""
    words, waves = labels.wording, population.get("by_wave") or {}
    if not waves:
        return _about(population.get(name), labels)
    told = [(wave, _about(each.get(name), labels)) for wave, each in waves.items()]
    said = [words.pgettext("a label and a value", "%(label)s: %(value)s", label=wave, value=text)
            for wave, text in told if text]  # fmt: skip
    return words.pgettext("between facts", "; ").join(said)


def citation(manifest: Mapping[str, Any], labels: Labels, address: str, sha256: str) -> str:
    """How a release is cited; the hash says which cells are meant, whatever the address shows later."""
    release = manifest.get("release", {})
    parts = [
        str(release.get("programme", "")),
        str(release.get("title", "")),
        labels.wording.gettext("release %(number)s", number=release.get("number", "")),
        labels.wording.day(str(release.get("made_at", ""))[:10]),
        address,
        f"SHA-256 {sha256[:16]}",
    ]
    return ". ".join(part for part in parts if part) + "."
