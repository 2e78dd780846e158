"""The walk that matters, from the keyboard alone, with the focus seen all the way."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.conftest import DESKTOP, Live

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const label = element.closest('label') ?? element;
  const box = label.getBoundingClientRect();
  const shows = each => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  };
  const under = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: element.name || '',
    text: (element.textContent || label.textContent || '').trim(),
    href: element.getAttribute('href') || '',
    isSeen: shows(element) || shows(label),
    isCovered: !(label.contains(under) || under?.contains(label)),
  };
}"""


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what holds these words, or has this name or address, has the focus; each step must be seen."""
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            continue
        passed.append(focused["text"][:30] or focused["name"])
        assert focused["isSeen"], f"no focus is shown on {focused}"
        assert not focused["isCovered"], f"something lies over {focused}"
        if wanted in focused["text"] or wanted in (focused["name"], focused["href"]):
            return
    raise AssertionError(f"Tab does not lead to {wanted!r}: {passed}")


def test_the_main_path_needs_no_pointer(browser: Browser, live: Live) -> None:
    context = browser.new_context(viewport=DESKTOP, base_url=live.address)
    context.set_default_timeout(45_000)
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert "main" in page.evaluate("document.activeElement.getAttribute('href')"), "the first stop skips to the content"

    tab_to(page, "/start/tiny")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start/tiny")
    tab_to(page, "firm")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/**")
    tab_to(page, "Start with the first section")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sections/**")
    tab_to(page, "a.skills.training")
    page.keyboard.press("Space")
    expect(page.locator('[name="a.skills.training"]:checked')).to_have_count(1)
    expect(page.locator("#save")).not_to_have_text("")
    tab_to(page, "Save and continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")

    page.goto(page.url.partition("/sections/")[0] + "/check")
    tab_to(page, "Submit and see the results")
    page.keyboard.press("Enter")
    page.wait_for_url("**/results")
    expect(page.get_by_role("heading", level=1)).to_contain_text("By keyboard")
    context.close()
