"""The form of a section: what is shown in the reader's language is stored as the questionnaire has it."""

from app import answer_form
from app.forms import SentForm
from assessment.assessments import Given, Sheet
from questionnaires.answers import Answers
from questionnaires.pseudo import pseudo
from questionnaires.translation import translate
from tests.factories import tiny


def test_options_in_another_language_are_ticked_and_sent_by_their_place() -> None:
    source = tiny().questionnaire.questions["skills.languages"]
    shown = translate(tiny(), "qps").definition.questionnaire.questions["skills.languages"]
    sheet = Sheet(Answers({}, {"skills.languages": ("MES",)}))

    view = answer_form.show(source, shown, sheet, SentForm({}), None)
    given, problems = answer_form.read(
        [source], SentForm({"shown": (source.id,), f"a.{source.id}": (view.choices[3].value,)}), sheet
    )

    assert [(choice.text, choice.is_chosen) for choice in view.choices][:2] == [
        (pseudo("ERP"), False),
        (pseudo("MES"), True),
    ]
    assert (given[source.id], problems) == (Given(["CAD"], None), {})
