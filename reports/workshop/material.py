"""What every section is written from: the record, its questionnaire in the reader's language, and the words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessment.recorded_levels import votes_told
from assessment.workshop_record import record_sha256
from assessment.workshops import DEFAULT_GROUPS
from questionnaires.library import Action, Definition
from questionnaires.schema import Dimension, Questionnaire
from questionnaires.translation import Translated, translate
from reports.wording import Wording, wording
from scoring.dispersion import GroupDispersions
from scoring.ladders import level_scores

OURS = {group["id"]: group["name"] for group in DEFAULT_GROUPS}


@dataclass(frozen=True)
class Material:
    """One record in one language. What is looked up by several sections is computed once."""

    record: Mapping[str, Any]
    definition: Definition
    words: Wording

    @cached_property
    def translated(self) -> Translated:
        return translate(self.definition, self.words.code)

    @property
    def questionnaire(self) -> Questionnaire:
        return self.translated.definition.questionnaire

    @cached_property
    def actions(self) -> dict[str, Action]:
        return self.translated.definition.action

    @cached_property
    def fingerprint(self) -> str:
        """The beginning of the record's hash: what tells one state of a workshop from another."""
        return record_sha256(self.record)[:8].upper()

    @property
    def workshop(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.record["workshop"]
        return found

    @property
    def rules(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.workshop["rules"]
        return found

    @property
    def priorities(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.record["priorities"]
        return found

    @property
    def roadmap(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.record["roadmap"]
        return found

    @cached_property
    def groups(self) -> dict[str, str]:
        """What the groups are called, in their order; a name that somebody typed stays as it is."""
        w, source = self.words, self.definition.questionnaire.groups
        ours = {"industry": w.gettext("People from industry"), "government": w.gettext("People from government")}
        names = {}
        for group in self.record["groups"]:
            id, name = group["id"], group["name"]
            if id in source and name == source[id]:
                names[id] = self.questionnaire.groups[id]
            else:
                names[id] = ours[id] if name == OURS.get(id) else w.foreign(name)
        return names

    def named(self, groups: Iterable[str]) -> str:
        """Several groups in one line."""
        return self.words.listed([self.groups[group] for group in groups])

    def tone(self, block: Sequence[str]) -> int:
        """The tone of a group, or of several that are counted together: that of the first."""
        return min(list(self.groups).index(group) for group in block)

    def signed(self, value: float) -> str:
        """A figure from -1 to 1, with a minus that is one."""
        return self.words.left_to_right(self.words.number(value, 2).replace("-", "−"))

    def question(self, id: str) -> str:
        return self.questionnaire.questions[id].text

    def numbered(self, place: int, gap: str) -> str:
        """A gap with its agreed place."""
        return f"{self.words.count(place)}. {self.question(gap)}"

    def section(self, id: str) -> str:
        return self.questionnaire.dimension_of[id].title

    def levels(self, question: str) -> int:
        return len(self.questionnaire.questions[question].levels or ())

    @cached_property
    def newest(self) -> dict[str, Mapping[str, Any]]:
        """What the newest round that was shown found on each question."""
        return {each["question"]: each for found in self.record["rounds"] for each in found["levels"]}

    @cached_property
    def votes(self) -> dict[str, GroupDispersions]:
        return {question: votes_told(each, self.groups) for question, each in self.newest.items()}

    @cached_property
    def settled(self) -> dict[str, int]:
        """The levels that the room stands by."""
        return {each["question"]: each["level"] for each in self.record["levels"] if each["level"] is not None}

    def score(self, section: Dimension) -> float | None:
        """The mean of a section's settled levels by the weights of its questions; None before one is settled.

        A room answers for many firms, so that no condition on one firm leaves a question out.
        """
        source = self.definition.questionnaire
        known = [q for q in section.questions if q.id in self.settled and q.weight > 0]
        total = sum(q.weight for q in known)
        scores = {q.id: level_scores(source, source.questions[q.id])[self.settled[q.id]] for q in known}
        return sum(q.weight * scores[q.id] for q in known) / total if total else None

    @cached_property
    def agreed(self) -> tuple[tuple[int, str], ...]:
        """The gaps in their agreed order, or as the order stands before it was agreed: place and question."""
        if self.priorities is None:
            return ()
        if self.priorities["agreed"]:
            return tuple((each["place"], each["question"]) for each in self.priorities["agreed"])
        order = self.priorities["order"]
        places = {each["gap"]: 1 + sum(other["place"] < each["place"] for other in order) for each in order}
        return tuple((place, gap) for gap, place in places.items())

    @cached_property
    def bars(self) -> dict[str, Mapping[str, Any]]:
        """Rank bars and chances of the first round, by gap."""
        return {} if self.priorities is None else {bar["gap"]: bar for bar in self.priorities["drawn"]["bars"]}

    @property
    def top(self) -> int:
        """How many places matter."""
        return 0 if self.priorities is None else int(self.priorities["figures"]["k"])

    def place(self, value: float) -> str:
        """A place, with a half where gaps share theirs."""
        return self.words.plain(value)

    def heads(self, told: Mapping[str, Any]) -> str:
        """How many people, as far as it may be told."""
        w, people = self.words, told["people"]
        if people is None:
            return w.gettext("fewer than five")
        counted = w.ngettext("%(n)s person", "%(n)s people", people)
        return w.gettext("%(people)s and fewer than five more", people=counted) if told["more"] else counted


def material(record: Mapping[str, Any], definition: Definition, language: str) -> Material:
    return Material(record, definition, wording(language))
