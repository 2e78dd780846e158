"""What every section is written from: the cells, the manifest, the questionnaire as it is read, and the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from questionnaires.library import Definition
from questionnaires.schema import Dimension, Questionnaire, Scale
from questionnaires.translation import Translated, translate
from reports import charts
from reports.ministry.cells import HELD, Cell, Place, cells_of
from reports.release.cube import ALL, GROUPS, UNKNOWN, Cube
from reports.release.labels import CODES, Labels
from reports.wording import Wording
from reports.workshop.view import Mark
from scoring.mean_precision import is_unsure
from scoring.wilson import wilson


@dataclass(frozen=True)
class Material:
    """One release in one language. What is looked up by several sections is computed once."""

    cube: Cube
    manifest: Mapping[str, Any]
    definition: Definition
    words: Wording
    given: Labels | None = None  # names in the reader's language, as far as somebody above has translated them

    @cached_property
    def translated(self) -> Translated:
        return translate(self.definition, self.words.code)

    @property
    def questionnaire(self) -> Questionnaire:
        return self.translated.definition.questionnaire

    @property
    def scale(self) -> Scale:
        return self.definition.questionnaire.scale

    @cached_property
    def labels(self) -> Labels:
        return self.given or Labels(self.manifest, self.words.code)

    @cached_property
    def wave(self) -> str:
        """The newest wave."""
        return max(str(wave) for wave in self.manifest["waves"])

    @cached_property
    def cells(self) -> dict[Place, Cell]:
        return cells_of(self.cube, self.wave)

    @property
    def rules(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest["rules"]
        return found

    @property
    def extra(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest.get("extra") or {}
        return found

    @property
    def coverage(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest.get("coverage") or {}
        return found

    def cell(self, indicator: str = "overall", **codes: str) -> Cell | None:
        """A one-way cell, None where there is none."""
        return self.cells.get((*(codes.get(group, ALL) for group in GROUPS), indicator))

    def shown(self, indicator: str = "overall", **codes: str) -> Cell:
        """A cell, or one without any figure."""
        return self.cell(indicator, **codes) or HELD

    def along(self, column: str, indicator: str = "overall") -> list[tuple[str, Cell]]:
        """The cells along one column in the order of its codes, without the total and what is not known."""
        place = GROUPS.index(column)
        order = {code: at for at, code in enumerate(self.cube.codes(column))}
        found = [
            (key[place], cell)
            for key, cell in self.cells.items()
            if key[-1] == indicator and key[place] not in (ALL, UNKNOWN)
        ]
        return sorted(found, key=lambda each: order.get(each[0], len(order)))

    def industries(self, indicator: str = "overall") -> list[tuple[str, Cell]]:
        """Divisions where the release has any, else sections."""
        found = self.along("industry", indicator)
        divisions = [each for each in found if len(each[0]) > 1]
        return divisions if any(cell.is_shown for _, cell in divisions) else [e for e in found if len(e[0]) == 1]

    @cached_property
    def factors(self) -> tuple[Dimension, ...]:
        return self.questionnaire.dimensions

    @cached_property
    def leaves(self) -> list[Dimension]:
        """The dimensions that ask questions and are in the release, in the questionnaire's order."""
        found = [d for d in self.questionnaire.walk() if d.questions]
        return [d for d in found if self.cell(f"D:{d.id}") is not None]

    @property
    def all_firms(self) -> Cell:
        return self.shown()

    def name(self, column: str, code: str) -> str:
        if column != "industry" and code in CODES:
            return self.words.gettext(CODES[code])
        return self.labels.coded(column, code)

    def score(self, value: float | None) -> str:
        return "–" if value is None else self.words.number(value, 1)

    def signed(self, value: float) -> str:
        """A difference with its sign, with a minus that is one."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return self.words.left_to_right(sign + self.words.number(abs(value), 1))

    def n(self, cell: Cell) -> str:
        return "–" if cell.n is None else self.words.count(cell.n)

    def interval(self, cell: Cell) -> str:
        """The interval of a mean, with a mark where it is unsure."""
        if cell.low is None or cell.high is None:
            return "–"
        said = self.range(cell.low, cell.high)
        return (
            self.words.pgettext("an unsure interval", "%(interval)s u", interval=said) if self.is_unsure(cell) else said
        )

    def range(self, low: float, high: float) -> str:
        said = self.words.pgettext(
            "an interval", "%(low)s to %(high)s", low=self.words.number(low, 1), high=self.words.number(high, 1)
        )
        return self.words.left_to_right(said) if not self.words.is_rtl else said

    def is_unsure(self, cell: Cell) -> bool:
        if cell.low is None or cell.high is None:
            return True
        return is_unsure(cell.n or 0, cell.low, cell.high, (self.scale.min, self.scale.max))

    def share_said(self, share: float, cell: Cell) -> str:
        """A share in hundredths with its interval in brackets."""
        return self.words.pgettext("a share and its interval", "%(share)s (%(interval)s)", share=self.per_cent(share),
                                   interval=self.share_interval(share, cell))  # fmt: skip

    def per_cent(self, value: float) -> str:
        """A share in hundredths, with a decimal where it has one."""
        return self.words.rate(value / 100)

    def share_interval(self, share: float, cell: Cell) -> str:
        """Wilson's interval of a share in hundredths, by the fewest firms that are shown as n."""
        low, high = self.share_ends(share, cell)
        return self.words.pgettext(
            "an interval", "%(low)s to %(high)s", low=self.words.count(round(100 * low)),
            high=self.words.percent(round(100 * high) / 100),
        )  # fmt: skip

    def share_ends(self, share: float, cell: Cell) -> tuple[float, float]:
        firms = max(int(self.rules["threshold"]), (cell.n or 0) - int(self.rules["rounded_to"]) // 2)
        return wilson(min(1.0, max(0.0, share / 100)), firms)

    def mark(self, cell: Cell, tone: int = 0) -> tuple[Mark, ...]:
        """A mean on its track, on its interval where there is one."""
        if cell.mean is None:
            return ()
        if cell.low is None or cell.high is None:
            return (Mark(charts.place(self.scale, cell.mean), tone),)
        start, end = charts.place(self.scale, cell.low), charts.place(self.scale, cell.high)
        return (Mark(charts.place(self.scale, cell.mean), tone, start, max(charts.SHORTEST, end - start)),)

    @cached_property
    def ticks(self) -> tuple[str, ...]:
        return tuple(self.words.plain(tick) for tick in charts.ticks(self.scale))

    @cached_property
    def held_back(self) -> str:
        return self.words.pgettext("a cell of a table", "held back")

    def source(self, *more: str) -> str:
        """Below every exhibit: whose figures these are, and how sure."""
        w, firms = self.words, self.all_firms
        said = w.gettext(
            "%(wave)s, n = %(n)s firms in the programme. Figures in brackets and bars: 95 %% intervals, model-based "
            "precision.",
            wave=self.wave,
            n=self.n(firms),
        )
        return " ".join((said, *more))

    def is_above(self, cell: Cell, other: Cell) -> bool:
        """Whether the interval of one mean lies wholly above that of the other."""
        return cell.low is not None and other.high is not None and cell.low > other.high

    def clear_groups(self, cells: list[tuple[str, Cell]]) -> tuple[list[tuple[str, Cell]], ...]:
        """Cells above all firms, not to be told apart from them, below them, and held back; the order stays."""
        every = self.all_firms
        above = [each for each in cells if self.is_above(each[1], every)]
        below = [each for each in cells if self.is_above(every, each[1])]
        held = [each for each in cells if each[1].mean is None]
        told = {code for group in (above, below, held) for code, _ in group}
        return above, [each for each in cells if each[0] not in told], below, held
