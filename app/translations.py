"""The catalogues of all rooms: extracted, brought in step, and checked for what a translation may not break."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from questionnaires.languages import LANGUAGES, SOURCE, read_catalogue
from questionnaires.loader import list_definitions
from questionnaires.translation import CASES, content_messages

# A catalogue's room -> the rooms with its texts, or single files of theirs.
INTERFACES = {"app": ("app", "assessment"), "reports": ("reports", "assessment/hindrances.py")}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "N_": None}
METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
LONGEST = 1.6  # a translation over this many times its source breaks layouts
COMPLETE = 0.95  # of the texts; below, a language would be a mixture
SHORT = 30  # characters; shorter texts may grow more
KEPT = re.compile(r"%\([^)]+\)[a-z]|%[sd]|\{[^}]*\}|</?[a-z][^>]*>")


@dataclass(frozen=True, slots=True)
class State:
    """One catalogue: how complete it is, and what is wrong with it."""

    summary: str
    problems: tuple[str, ...]


def update_catalogues(root: Path) -> Iterator[str]:
    """Bring every PO file in step with the texts of today; one line for each file."""
    for file, template in _templates(root):
        before = read_catalogue(file) if file.is_file() else Catalog(locale=_locale(file))
        merged = _merged(template, before, _locale(file))
        file.parent.mkdir(parents=True, exist_ok=True)
        stream = io.BytesIO()
        write_po(stream, merged, width=120, omit_header=False, sort_output=False, include_lineno=False)
        file.write_bytes(stream.getvalue())
        yield f"{file.relative_to(root)}: {_counts(merged)}"


def check_catalogues(root: Path) -> Iterator[State]:
    """The state of every catalogue against the texts of today."""
    for file, template in _templates(root):
        name = file.relative_to(root)
        if not file.is_file():
            yield State(f"{name}: not there", (f"{name}: run 'fourward translations update'",))
            continue
        catalogue = read_catalogue(file)
        yield State(f"{name}: {_counts(catalogue)}", tuple(f"{name}: {p}" for p in _problems(template, catalogue)))


def _templates(root: Path) -> Iterator[tuple[Path, Catalog]]:
    """Every PO file that there should be, with the texts it should hold."""
    codes = [each.code for each in LANGUAGES.values() if each.code != SOURCE and not each.is_pseudo]
    for room, sources in INTERFACES.items():
        template = _interface([root / source for source in sources])
        folder = root / room / "locales"
        yield from ((folder / f"{code}.po", template) for code in codes if (folder / f"{code}.po").is_file())
    content = root / "questionnaires" / "locales"
    for domain, template in _contents().items():
        yield from ((content / code / f"{domain}.po", template) for code in codes if (content / code).is_dir())


def _interface(sources: Iterable[Path]) -> Catalog:
    """The texts of the rooms' templates and code."""
    template = Catalog()
    for source in sources:
        room, methods = (source.parent, [(source.name, "python")]) if source.suffix else (source, METHODS)
        found = extract_from_dir(room, methods, OPTIONS, KEYWORDS, strip_comment_tags=True)
        for filename, _, text, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
            template.add(text, context=context, locations=[(f"{room.name}/{filename}", 0)], auto_comments=comments)
    return template


def _contents() -> dict[str, Catalog]:
    """The texts of the shipped questionnaires, newest version of each, and of the case library."""
    templates: dict[str, Catalog] = {}
    newest = {each.questionnaire.id: each for each in list_definitions()}  # oldest version first
    for definition in newest.values():
        for context, text in content_messages(definition):
            domain = CASES if context.startswith("case.") else definition.questionnaire.id
            templates.setdefault(domain, Catalog()).add(text, context=context)
    return templates


def _merged(template: Catalog, before: Catalog, locale: str) -> Catalog:
    """The template's texts with their translations; a text that changed keeps its translation, marked as to review."""
    # The day stays: a file changes when its texts do.
    day = before.creation_date
    merged = Catalog(locale=locale, project="Fourward", fuzzy=False, charset="utf-8", creation_date=day)
    # Only the stable name of one text says that two texts are the same one; a word such as `score` heads many.
    uses = Counter(m.context for catalogue in (template, before) for m in catalogue if m.id and m.context)
    by_context = {m.context: m for m in before if m.id and m.context and uses[m.context] <= 2}
    for message in template:
        if not message.id:
            continue
        same = before.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        known = same or (by_context.get(message.context) if message.context else None)
        merged.add(
            message.id,
            known.string if known else "",
            context=message.context,
            locations=message.locations,
            auto_comments=message.auto_comments,
            flags=(known.flags | ({"fuzzy"} if same is None else set())) if known else (),
        )
    return merged


def _problems(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    wanted = {(m.context, _first(m.id)) for m in template if m.id}
    present = {(m.context, _first(m.id)) for m in catalogue if m.id}
    for context, text in sorted(wanted - present, key=str):
        yield f"missing {context or ''} {text!r}: run 'fourward translations update'"
    for context, text in sorted(present - wanted, key=str):
        yield f"no longer used {context or ''} {text!r}: run 'fourward translations update'"
    for message in catalogue:
        if message.id and _is_begun(message.string):
            yield from _broken(message)
    messages = [m for m in catalogue if m.id]
    whole = sum(1 for m in messages if _is_whole(m.string))
    if whole < COMPLETE * len(messages):
        yield f"{len(messages) - whole} texts are not translated; a language is offered from {COMPLETE:.0%} on"


def _broken(message: Message) -> Iterator[str]:
    """What a translation may not do: lose a placeholder or a tag, or grow too long."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    name = f"{message.context or ''} {sources[0]!r}".strip()
    wanted = set(KEPT.findall(sources[-1]))
    for string in strings:
        if not string:
            yield f"{name}: a form of the translation is empty"
        elif extra := set(KEPT.findall(string)) - wanted:
            yield f"{name}: the translation names {', '.join(sorted(extra))}, the source does not"
        elif len(strings) == 1 and (lost := wanted - set(KEPT.findall(string))):
            yield f"{name}: the translation loses {', '.join(sorted(lost))}"
        elif len(string) > LONGEST * max(map(len, sources)) and len(sources[0]) > SHORT:
            yield f"{name}: the translation is {len(string)} characters long, over {LONGEST} times its source"


def _counts(catalogue: Catalog) -> str:
    messages = [m for m in catalogue if m.id]
    translated = [m for m in messages if _is_whole(m.string)]
    machine_made = sum(1 for m in translated if m.fuzzy)
    return f"{len(translated)} of {len(messages)} translated, {machine_made} machine-made and not yet reviewed"


def _is_whole(string: str | Iterable[str] | None) -> bool:
    return bool(string) if isinstance(string, str | None) else all(string)


def _is_begun(string: str | Iterable[str] | None) -> bool:
    return bool(string) if isinstance(string, str | None) else any(string)


def _first(text: object) -> str:
    return text if isinstance(text, str) else text[0]  # type: ignore[index]


def _locale(file: Path) -> str:
    return next(LANGUAGES[code].locale for code in (file.stem, file.parent.name) if code in LANGUAGES)
