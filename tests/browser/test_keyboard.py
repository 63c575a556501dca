"""The dashboard without a mouse: what can be clicked is reached, is seen to be reached, and is left again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, settled

SLOW = 60_000
# The element in focus, also inside a component of ours, with what a screen reader would call it.
FOCUS = """() => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    if (!one || one === document.body) return {};
    const style = getComputedStyle(one), frame = one.parentElement ? getComputedStyle(one.parentElement) : style;
    const ring = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
    let seen = false, near = one;
    for (let step = 0; near && step < 4; step++, near = near.parentElement) seen ||= ring(getComputedStyle(near));
    // A border in the colour of focus is seen as well.
    near = one;
    for (let step = 0; near && step < 4; step++, near = near.parentElement)
        seen ||= near.matches(':focus-within') && parseFloat(getComputedStyle(near).borderTopWidth) > 0;
    // The part that scrolls, a table (which draws a ring round a cell) and the small buttons above it are Streamlit's own.
    seen ||= one.matches('[data-testid=stMain], canvas') || Boolean(one.closest('[data-testid=stElementToolbar]'));
    return {role: one.getAttribute('role') || one.tagName.toLowerCase(), href: one.getAttribute('href') || '',
            name: (one.getAttribute('aria-label') || one.innerText || '').trim().slice(0, 80), seen};
}"""


def walk_to(page: Page, wanted: Callable[[dict], bool], most: int = 90, key: str = "Tab") -> dict:
    """Press Tab until the focus is where it is wanted; every stop on the way must be visible."""
    hidden = []
    for _press in range(most):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUS)
        if focus and not focus["seen"]:
            hidden.append(focus)
        if focus and wanted(focus):
            assert hidden == [], "stops of the keyboard that nobody sees"
            return focus
    raise AssertionError(f"not reached in {most} steps; the last stop: {focus}")


def test_overview_filter_and_scorecard_are_worked_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    walk_to(page, lambda focus: focus["role"] == "combobox")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_be_visible(timeout=SLOW)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=**", timeout=SLOW)
    settled(page)
    walk_to(page, lambda focus: "kpi=" in focus["href"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/kpi?**", timeout=SLOW)
    settled(page)
    assert "unit=" in page.url


def test_segments_and_lineage_are_worked_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/data?view=tests")
    walk_to(page, lambda focus: focus["role"] == "radio")
    walk_to(page, lambda focus: focus["name"] == "Linhagem", key="ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function("() => location.search.includes('view=lineage')", timeout=SLOW)
    settled(page)
    walk_to(page, lambda focus: "node=fct_payables" in focus["href"])
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('node=fct_payables')", timeout=SLOW)
    settled(page)
    expect(page.locator("a[aria-current]")).to_contain_text("fct_payables")
    # The back button leads to the node before.
    page.go_back()
    page.wait_for_function("() => !location.search.includes('node=')", timeout=SLOW)
    expect(page.locator("a[aria-current]")).to_contain_text("kpi_days_to_pay", timeout=SLOW)


def test_the_sql_editor_is_no_trap(open_page: OpenPage) -> None:
    page = open_page("/sql")
    editor = page.get_by_role("textbox", name="Comando SQL")
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("select 40 + 2 as answer", delay=5)
    page.keyboard.press("Escape")  # closes what completion offers
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"].endswith("Executar"), "Tab leaves the editor"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUS)["role"] == "textarea", "and Shift+Tab comes back"
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("stMain").get_by_text("1 linha").first).to_be_visible(timeout=SLOW)
    walk_to(page, lambda focus: focus["role"] == "tab" and focus["name"].endswith("Tabelas"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("tab", name="Salvas")).to_have_attribute("aria-selected", "true", timeout=SLOW)
