"""Who did not go along, by group and never by name; and how the room signed off."""

from collections.abc import Mapping
from typing import Any

from reports.firm.view_parts import Fact
from reports.workshop.material import Material
from reports.workshop.plan import title_of
from reports.workshop.view import Voices


def build_voices(m: Material) -> Voices:
    w, dissent = m.words, m.roadmap["dissent"]
    intro = (
        w.gettext("Where a group does not go along, its words stand here beside what was agreed.")
        if dissent
        else w.gettext("No group has put on record that it does not go along.")
    )
    return Voices(
        id="voices",
        title=w.gettext("Dissent and sign-off"),
        intro=intro,
        dissent=tuple(Fact(_who(m, each), w.foreign(each["text"])) for each in dissent),
        signed_title=w.gettext("Sign-off"),
        signed=_signed(m),
    )


def _who(m: Material, each: Mapping[str, Any]) -> str:
    w = m.words
    who = w.gettext("A group of fewer than five people") if each["is_small"] else m.groups[each["group"]]
    return w.pgettext("who, on what", "%(who)s, on %(what)s", who=who, what=_what(m, each))


def _what(m: Material, each: Mapping[str, Any]) -> str:
    if each["action"] is not None:
        return next(title_of(m, one) for one in m.roadmap["actions"] if one["number"] == each["action"])
    return m.question(each["gap"]) if each["gap"] else m.words.gettext("the roadmap as a whole")


def _signed(m: Material) -> tuple[str, ...]:
    w, signed = m.words, m.record["signed_off"]
    if signed is None:
        return (w.gettext("This roadmap has not been signed off yet: it may still change."),)
    said = [w.gettext("The room signed this roadmap off on %(day)s.", day=w.day(signed["day"]))]
    if groups := [m.groups[group] for group in signed.get("groups", ()) if group in m.groups]:
        said.append(w.gettext("For it stood: %(groups)s.", groups=w.listed(groups)))
    if signed.get("words"):
        said.append(w.foreign(signed["words"]))
    return tuple(said)
