"""What the codes of a release are called, in one language."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from assessment.hindrances import HINDRANCES
from questionnaires.languages import SOURCE
from reports.release.cube import ALL, TRAITS, UNKNOWN, kind_of
from reports.wording import NoReportLanguage, Wording, wording


def N_(text: str) -> str:  # noqa: N802  the name that gettext tools look for
    """Mark a text for translation; it is looked up when it is shown."""
    return text


COLUMN_NAMES: Mapping[str, str] = {
    "wave": N_("Year"),
    "industry": N_("Industry"),
    "size": N_("Size"),
    "region": N_("Region"),
    "ownership": N_("Ownership"),
    "basis": N_("How it was assessed"),
    "indicator": N_("Indicator"),
    "status": N_("Status"),
    "n": N_("Firms"),
    "mean": N_("Mean"),
    "low": N_("Lower end of the 95 % interval"),
    "high": N_("Upper end of the 95 % interval"),
    "sd": N_("Standard deviation"),
    "p10": N_("10th percentile"),
    "p25": N_("Lower quartile"),
    "p50": N_("Median"),
    "p75": N_("Upper quartile"),
    "p90": N_("90th percentile"),
}
SIDE_NAMES: Mapping[str, str] = {
    "section": N_("Industry section"),
    "division": N_("Industry division"),
    "size": N_("Size"),
    "region": N_("Region"),
    "ownership": N_("Ownership"),
    "basis": N_("How it was assessed"),
    "wave": N_("Year"),
    "dimension": N_("Dimension"),
    "question": N_("Question"),
    "technology": N_("Technology in use"),
    "action": N_("Actions of firms"),
    "hindrance": N_("What stands in the way"),
}
FIGURE_NAMES: Mapping[str, str] = {
    "mean": N_("Mean, with 95 % interval"),
    "median": N_("Median, with quartiles"),
    "shares": N_("Share of firms at each level"),
    "n": N_("Number of firms"),
    "yes": N_("Share of firms that say yes"),
}
TOTALS: Mapping[str, str] = {
    "industry": N_("All industries"),
    "size": N_("All sizes"),
    "region": N_("All regions"),
    "ownership": N_("All kinds of ownership"),
    "basis": N_("All firms"),
}
CODES: Mapping[str, str] = {
    "micro": N_("Micro"),
    "small": N_("Small"),
    "medium": N_("Medium"),
    "large": N_("Large"),
    "local": N_("Owners in this country only"),
    "joint": N_("Owners in this country and abroad"),
    "foreign": N_("Owners abroad only"),
    "self": N_("Assessed by the firm itself"),
    "verified": N_("Verified by an assessor"),
}
INDICATORS: Mapping[str, str] = {
    "overall": N_("Overall readiness"),
    "profile": N_("Profile"),
}
ACTIONS_TOLD = "A:told"
STATES: Mapping[str, str] = {
    "planned": N_("%(actions)s: planned, begun or done"),
    "done": N_("%(actions)s: done"),
    "dropped": N_("%(actions)s: given up"),
}
ENABLERS: Mapping[str, str] = {
    "any": N_("Any action"),
    "funding": N_("Funding"),
    "infrastructure": N_("Infrastructure"),
    "regulation": N_("Regulation"),
    "skills": N_("Skills"),
    "technology": N_("Technology"),
}
YES_OR_NO = (N_("No"), N_("Yes"))
STATUSES: Mapping[str, str] = {"F": N_("Shown"), "C": N_("Held back")}


class Labels:
    """The names of a release's codes, in one language; a code that nobody has named is its own name.

    `names` has those that are translated already, by column and code, levels of an indicator by its id and number;
    `translate` is for the manifest's names of classes.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        code: str,
        names: Mapping[tuple[str, str], str] | None = None,
        translate: Callable[[str], str] = str,
    ) -> None:
        self.wording = words_of(code)
        self.code = self.wording.code
        self._classes: Mapping[str, Any] = manifest.get("classifications", {})
        self._indicators = {str(each["id"]): each for each in manifest.get("indicators", ())}
        self._found: dict[tuple[str, str], str] = dict(names or {})
        self._translate = translate

    def column(self, name: str) -> str:
        """The name of a column of the cube."""
        if name[:1] == "s" and name[1:].isdigit():
            return self.wording.gettext("Share at level %(level)s, per cent", level=name[1:])
        return self.wording.gettext(COLUMN_NAMES[name])

    def side(self, name: str) -> str:
        return self.wording.gettext(SIDE_NAMES[name])

    def figure(self, name: str) -> str:
        if name not in FIGURE_NAMES:
            return self.wording.gettext("Share of firms at level %(level)s", level=name[1:])
        return self.wording.gettext(FIGURE_NAMES[name])

    def status(self, code: str) -> str:
        return self.wording.gettext(STATUSES[code])

    def of(self, column: str, code: str) -> str:
        """What a code of a column is called."""
        if (column, code) not in self._found:
            self._found[column, code] = self._name(column, code)
        return self._found[column, code]

    def coded(self, column: str, code: str) -> str:
        """The name, behind the code where people know it by that: of industries."""
        return f"{code} {self.of(column, code)}" if column == "industry" and code not in (ALL, UNKNOWN) else self.of(
            column, code
        )  # fmt: skip

    def levels(self, indicator: str, many: int) -> tuple[str, ...]:
        """What the shares of an indicator are shares of: levels of a question, whole steps of a score, profiles."""
        given = self._indicators.get(indicator, {})
        names = given.get("levels") or ()
        if kind_of(indicator) in TRAITS:
            return tuple(map(self.wording.gettext, YES_OR_NO))[:many]
        if names:
            named = (self._found.get((indicator, str(k)), str(name)) for k, name in enumerate(names))
            return tuple(named)[:many]
        if kind_of(indicator) == "question":
            return tuple(self.wording.gettext("Level %(level)s", level=self.wording.count(k)) for k in range(many))
        if indicator == "profile":
            return tuple(self.wording.gettext("Profile %(level)s", level=self.wording.count(k)) for k in range(many))
        low, top = int(given.get("bottom", 0)), int(given.get("top", 5))
        count, said = self.wording.count, self.wording.gettext
        below = [said("%(low)s to below %(high)s", low=count(k), high=count(k + 1)) for k in range(low, top)]
        return (*below, self.wording.count(top))[:many]

    def level_count(self, indicator: str) -> int:
        """How many shares there are of an indicator, of the six that the file has room for."""
        given = self._indicators.get(indicator, {})
        names = given.get("levels") or ()
        return min(6, len(names) or int(given.get("top", 5)) + 1)

    def _name(self, column: str, code: str) -> str:
        if code == UNKNOWN:
            return self.wording.gettext("Not known")
        if code == ALL:
            return self.wording.gettext(TOTALS[column])
        if column == "indicator":
            given = self._indicators.get(code, {})
            if kind_of(code) == "action":
                return self._action(code)
            if kind_of(code) == "hindrance":
                return self.wording.gettext(HINDRANCES[code[2:]].text) if code[2:] in HINDRANCES else code
            return self.wording.gettext(INDICATORS[code]) if code in INDICATORS else str(given.get("name") or code)
        if code in CODES:
            return self.wording.gettext(CODES[code])
        given = self._classes.get(column, {}).get(code) or {}
        names = given.get("names") or {}
        return str(names.get(self.code) or self._translate(str(given.get("name") or code)))

    def _action(self, code: str) -> str:
        """What firms say of actions: of which, and what."""
        say, (state, _, enabler) = self.wording.gettext, code[2:].partition(".")
        if code == ACTIONS_TOLD or state not in STATES:
            return say(N_("Firms that say where their actions stand"))
        return say(STATES[state], actions=say(ENABLERS.get(enabler, enabler)))


@lru_cache(maxsize=16)
def words_of(code: str) -> Wording:
    """The words of a language; English where no reports are written in it."""
    try:
        return wording(code)
    except NoReportLanguage:
        return wording(SOURCE)
