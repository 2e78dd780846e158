"""The columns that a sheet of firms can have: what they are called, and which column of a file is which."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.errors import N_
from assessment.import_cells import Cell, Unfit, shortened
from assessment.import_problems import RowProblem, at_cell, letters
from questionnaires.schema import ProfileField, Question, Questionnaire
from questionnaires.wording import nearest

QUESTION, FIELD = "q:", "p:"


@dataclass(frozen=True, slots=True)
class Known:
    """A column that is understood. `about` is told in the template, `example` stands there."""

    key: str
    head: str
    about: str
    example: str = ""
    others: tuple[str, ...] = ()
    question: Question | None = None
    field: ProfileField | None = None


FIRM_COLUMNS = (
    Known("name", "name", N_("Name of the firm. Always needed."), "Kilang Contoh Sdn. Bhd.",
          ("firm", "firm_name", "company", "company_name", "enterprise")),
    Known("country", "country", N_("Code by ISO 3166-1 or English name; empty: the programme's."), "MY"),
    Known("region", "region", N_("Code by ISO 3166-2, or the name."), "MY-10", ("state_or_region", "province")),
    Known("registration_number", "registration_number", N_("As the register writes it. By it a firm is known again."),
          "201901000001", ("registration", "registration_no", "reg_no", "company_number", "business_number")),
    Known("isic", "isic", N_("Industry by ISIC Rev. 4: section, division or class. Format the cells as text."), "1071",
          ("isic_code", "isic_rev4", "isic_rev_4", "industry", "isic_division", "isic_section")),
    Known("employees", "employees", N_("Whole number."), "42", ("staff", "number_of_employees", "headcount")),
    Known("turnover", "turnover", N_("Of a year."), "1250000", ("revenue", "sales", "annual_turnover")),
    Known("currency", "currency", N_("Of the turnover, by its code of three letters."), "MYR", ("turnover_currency",)),
    Known("ownership", "ownership", N_("local, joint or foreign."), "local"),
    Known("exporter", "exporter", N_("yes or no."), "yes", ("exports", "is_exporter")),
    Known("founded", "founded", N_("Year."), "1998", ("year_founded", "founding_year", "established")),
    Known("owner_number", "owner_number",
          N_("Registration number of the firm that owns more than half; that firm is here or in this file."), "",
          ("owner_registration_number", "parent_number")),
    Known("owner", "owner", N_("Who owns more than half of the firm, or the name of the group, if without a number."),
          "", ("enterprise_group", "group", "parent")),
    Known("call", "call", N_("Title or number of the call; empty where the programme has only one.")),
    Known("state", "state", N_("How far the case is; empty: applied, self_assessed or, if verified, endorsed."), "",
          ("status",)),
    Known("assessor", "assessor", N_("E-mail address of an assessor of the programme."), "",
          ("assessor_email", "assessor_e_mail")),
    Known("visit_on", "visit_on", N_("Day of the visit, as year-month-day."), "", ("visit_day", "visit", "visit_date")),
    Known("assessed_on", "assessed_on", N_("Day, as year-month-day; empty: no assessment."), "2024-03-25",
          ("assessment_date", "date", "assessed", "date_of_assessment")),
    Known("verified", "verified", N_("yes where an assessor has verified the answers."), "no", ("is_verified",)),
)  # fmt: skip
REGISTER_COLUMNS = (
    Known("isic", "isic", N_("Section or division of ISIC Rev. 4. Format the cells as text."), "10",
          ("isic_code", "isic_rev4", "industry", "isic_division", "isic_section")),
    Known("size", "size", N_("micro, small, medium or large; empty: of every size."), "small", ("size_class",)),
    Known("region", "region", N_("Code by ISO 3166-2, or the name; empty: the whole country."), "MY-10", ("province",)),
    Known("firms", "firms", N_("How many firms the register has. Always needed."), "1250",
          ("count", "number_of_firms", "enterprises", "establishments")),
    Known("employees", "employees", N_("How many people work in them."), "31000", ("staff", "number_of_employees")),
    Known("source", "source", N_("Where the figures come from."), "Business register"),
    Known("as_of", "as_of", N_("Day for which they hold."), "2025-12-31", ("date", "reference_date")),
)  # fmt: skip


def firm_columns(questionnaire: Questionnaire) -> tuple[Known, ...]:
    """The columns of firms, then one for each field of the profile and one for each question."""
    fields = (Known(f"{FIELD}{f.id}", f"profile.{f.id}", f.text, field=f) for f in questionnaire.fields)
    questions = (Known(f"{QUESTION}{q.id}", q.id, q.text, question=q) for q in questionnaire.questions.values())
    return (*FIRM_COLUMNS, *fields, *questions)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a file is which; `named` says which have a name at all."""

    places: Mapping[str, int]  # key -> index
    heads: Sequence[str]
    problems: tuple[RowProblem, ...]

    def at(self, key: str) -> tuple[int, str]:
        """Index and name of a column; of one that is not there, none."""
        index = self.places.get(key, -1)
        return index, self.heads[index] if index >= 0 else ""


def layout(row: int, heads: Sequence[Cell], known: Sequence[Known], needed: Iterable[str]) -> Layout:
    """Find the columns by the first row of a file; every one that is not known, or there twice, is a problem."""
    names = {plain(word): each for each in known for word in each.others}
    names |= {plain(each.head): each for each in known}
    near = {head: head for head in (plain(each.head) for each in known)}
    places: dict[str, int] = {}
    problems: list[RowProblem] = []
    for index, head in enumerate(heads):
        if head is None or not str(head).strip():
            continue
        found = names.get(plain(str(head)))
        if found is None:
            problems.append(at_cell(row, index, str(head), head, _unknown(str(head), near, names)))
        elif found.key in places:
            twice = Unfit("column_twice", first=letters(places[found.key]))
            problems.append(at_cell(row, index, str(head), head, twice))
        else:
            places[found.key] = index
    by_key = {each.key: each.head for each in known}
    problems += [
        RowProblem(row, "", "", "missing_column", "", {"column": by_key[key]}) for key in needed if key not in places
    ]
    return Layout(places, [shortened(head) for head in heads], tuple(problems))


def plain(head: str) -> str:
    """A column's name as it is compared.

    >>> plain("  Registration-Number "), plain("Assessed on")
    ('registration_number', 'assessed_on')
    """
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFKC", head).casefold().strip())


def _unknown(head: str, near: Mapping[str, str], names: Mapping[str, Known]) -> Unfit:
    found = nearest(plain(head), near) or nearest(plain(head), names)
    return Unfit("unknown_column_near", near=names[found].head) if found else Unfit("unknown_column")
