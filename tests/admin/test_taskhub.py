"""The page of the built example, in a real browser: what a person does on it, step by step."""

from pathlib import Path

import pytest

from tests.admin.browser import Browser, Page
from tests.admin.office import PASSWORD, Office
from tests.verify.serving import Template, serving

pytestmark = pytest.mark.slow

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def go(page: Page, place: str) -> None:
    """Go to a place of the page, and wait until it is drawn."""
    page.run("document.querySelector('.view')?.setAttribute('data-left', '')")
    page.run(f"location.hash = '#/{place}'")
    page.wait("document.querySelector('.view:not([data-left], [aria-busy])')")


def test_somebody_signs_in_and_out(page: Page, office: Office) -> None:
    page.click("button", "Sign out")
    page.set("E-mail address", office.owner)
    page.set("Password", "something else")
    page.click("button", "Sign in")
    page.shows("Nobody is known by these.")

    page.set("Password", PASSWORD)
    page.click("button", "Sign in")
    page.shows("Projects")
    assert page.run("document.activeElement.textContent") == "Projects"


def test_a_reload_keeps_the_sign_in_and_leaves_no_token_behind(page: Page) -> None:
    assert page.run("sessionStorage.length + localStorage.length") == 0

    page.run("globalThis.isOld = true")
    page.ask("Page.reload")
    page.wait("!globalThis.isOld && document.querySelector('.menu')")

    assert page.run("sessionStorage.length + localStorage.length + document.cookie.length") == 0


def test_a_row_is_created_with_faults_at_their_fields(page: Page, office: Office) -> None:
    office.project("Harbour")
    go(page, "tasks")
    page.click("a", "New task")
    page.set("Estimate", "-5")
    page.click("button", "Create task")
    page.wait("field('Title').getAttribute('aria-invalid') === 'true'")
    page.shows("Must have at least 1 characters.")
    assert page.run("field('Estimate').getAttribute('aria-invalid')") == "true"
    assert page.run("document.activeElement === document.querySelector('[aria-invalid]')")

    page.set("Title", "Paint the hull")
    page.set("Estimate", "30")
    page.set("Priority", "high")
    page.pick("Project", "Harbour")
    page.click("button", "Create task")
    page.wait("at('h1', 'Paint the hull')")
    page.shows("Harbour")
    page.shows("PRJ-1")


def test_a_hostile_title_stays_text(page: Page, office: Office) -> None:
    task = office.task(office.project(HOSTILE), HOSTILE)
    for place in ("tasks", f"tasks/{task}", f"tasks/{task}/edit", "projects", "audit-trail"):
        go(page, place)
        page.wait("document.querySelector('main').innerHTML.includes('&lt;img') || field('Title')")

    assert page.run("document.querySelectorAll('main img, main script').length") == 0
    assert page.run("document.title") not in {"1", "2"}


def test_a_conflict_shows_what_differs_and_loses_nothing(page: Page, office: Office) -> None:
    task = office.task(office.project("Harbour"), "Paint the hull")
    go(page, f"tasks/{task}/edit")
    office.patch(f"/tasks/{task}", {"title": "Paint the keel", "estimate": 45})
    page.set("Description", "With two coats.")
    page.click("button", "Save")
    page.shows("Somebody changed this task while you were editing it")
    page.shows("Paint the keel")

    page.click("button", "Keep my changes")
    assert page.run("field('Title').value") == "Paint the keel"
    assert page.run("field('Description').value") == "With two coats."
    page.click("button", "Save")
    page.wait("at('h1', 'Paint the keel')")
    page.shows("With two coats.")


def test_moves_are_offered_where_they_can_begin_and_refusals_are_told(
    page: Page, office: Office
) -> None:
    task = office.task(office.project("Harbour"), "Paint the hull")
    go(page, f"tasks/{task}")
    assert page.run("at('.actions button', 'Complete')") is None
    page.wait("at('.actions button', 'Cancel')")
    assert page.run("at('.actions button', 'Start')") is None

    office.post(f"/tasks/{task}/cancel", {"reason": "No paint left"})
    page.click(".actions button", "Cancel")
    page.set("Reason", "Too late")
    page.click("dialog button", "Cancel task")
    page.shows("The object is not in the expected version.")
    page.click("dialog button", "Back")

    go(page, "tasks")
    go(page, f"tasks/{task}")
    page.shows("No paint left")
    page.click(".actions button", "Reopen")
    page.wait("at('.state', 'Todo')")
    page.shows("History")
    page.click(".trail summary")
    page.wait("document.querySelector('.changes .old')")


def test_a_list_is_filtered_searched_and_paged(page: Page, office: Office) -> None:
    project = office.project("Harbour")
    for number in range(52):
        office.task(project, f"Task {number}", priority="urgent" if number == 7 else "low")
    go(page, "tasks")
    page.wait("document.querySelectorAll('tbody tr').length === 50")
    page.click("button", "Next")
    page.wait("document.querySelectorAll('tbody tr').length === 2")
    page.click("button", "Previous")
    page.wait("document.querySelectorAll('tbody tr').length === 50")

    page.click("button", "Filter")
    page.click(".checks label", "Urgent")
    page.wait("document.querySelectorAll('tbody tr').length === 1")
    page.shows("Priority: Urgent")
    assert page.run("location.hash.includes('priority=urgent')")
    page.click(".set .chip button")
    page.wait("document.querySelectorAll('tbody tr').length === 50")

    page.run(
        "{const f = document.querySelector('[type=search]'); f.value = 'Task 33';"
        "f.dispatchEvent(new Event('input'))}"
    )
    page.wait("document.querySelectorAll('tbody tr').length === 1")
    go(page, "tasks?q=nothing")
    page.shows("Nothing fits these filters")


def test_a_file_is_sent_and_fetched(page: Page, office: Office, tmp_path: Path) -> None:
    task = office.task(office.project("Harbour"), "Paint the hull")
    plan = tmp_path / "plan & notes.txt"
    plan.write_text("Two coats.", encoding="utf-8")
    go(page, f"tasks/{task}")
    page.attach("input[type=file]", [plan])
    page.wait("at('tbody th', 'plan & notes.txt')")
    plan.unlink()
    page.click("button", "Download")
    page.until(plan.exists)
    assert plan.read_text(encoding="utf-8") == "Two coats."

    program = tmp_path / "program.exe"
    program.write_bytes(b"MZ")
    page.attach("input[type=file]", [program])
    page.shows("The media type is not supported.")


def test_members_are_linked_and_a_project_is_archived(page: Page, office: Office) -> None:
    office.person("member")
    project = office.project("Harbour")
    go(page, f"projects/{project}")
    page.shows("No members.")
    page.run("document.querySelector('.adder input').focus()")
    page.ask("Input.insertText", text="Some")
    page.wait("at('[role=option]', 'Some member')")
    page.press("Enter")
    page.click("button", "Add member")
    page.wait("at('.linked a', 'Some member')")
    page.click("button", "Remove")
    page.shows("No members.")

    page.click(".actions button", "Archive")
    page.wait("document.querySelector('.facts').innerText.includes('Archived\\nYes')")
    page.wait("at('.actions button', 'Unarchive')")
    assert page.run("at('.actions button', 'Archive')") is None
    page.click(".actions button", "Unarchive")
    page.wait("document.querySelector('.facts').innerText.includes('Archived\\nNo')")


def test_comments_are_added_below_a_task(page: Page, office: Office) -> None:
    task = office.task(office.project("Harbour"), "Paint the hull")
    go(page, f"tasks/{task}")
    page.set("Body", HOSTILE)
    page.click("button", "Add comment")
    page.wait("at('.talk li')")
    assert page.run("at('.talk .prose').textContent") == HOSTILE
    page.click(".talk button", "Delete")
    page.click("dialog button", "Delete")
    page.shows("No comments yet.")


def test_a_deleted_comment_is_restored(page: Page, office: Office) -> None:
    task = office.task(office.project("Harbour"), "Paint the hull")
    go(page, f"tasks/{task}")
    page.set("Body", "Which colour?")
    page.click("button", "Add comment")
    page.click(".talk button", "Delete")
    page.click("dialog button", "Delete")
    page.shows("No comments yet.")

    page.click(".menu a", "Comments")
    page.shows("Deleted comments")
    page.shows("Which colour?")
    page.click("button", "Restore")
    page.shows("There are no deleted comments to restore.")
    go(page, f"tasks/{task}")
    page.wait("at('.talk .prose', 'Which colour?')")


def test_a_form_outlives_the_sign_in(page: Page, office: Office) -> None:
    office.person("admin")
    page.click("button", "Sign out")
    office.sign_in(page, f"admin-{office.name}@example.test")
    task = office.task(office.project("Harbour"), "Paint the hull")
    go(page, f"tasks/{task}/edit")
    page.set("Title", "Paint the keel")
    office.end_sign_ins(f"admin-{office.name}@example.test")
    page.click("button", "Save")
    page.shows("Your sign-in as")
    page.set("Password", PASSWORD)
    page.click("dialog button", "Sign in")
    page.wait("at('h1', 'Paint the keel')")


def test_a_network_that_is_away_is_told_of(page: Page, office: Office) -> None:
    task = office.task(office.project("Harbour"), "Paint the hull")
    go(page, f"tasks/{task}/edit")
    page.set("Title", "Paint the keel")
    page.offline(away=True)
    page.click("button", "Save")
    page.shows("The service cannot be reached.")
    page.offline(away=False)
    page.click("button", "Save")
    page.wait("at('h1', 'Paint the keel')")


def test_a_viewer_is_offered_nothing_that_changes(page: Page, office: Office) -> None:
    viewer = office.person("viewer")
    task = office.task(office.project("Harbour"), "Paint the hull")
    page.click("button", "Sign out")
    office.sign_in(page, viewer)
    go(page, "tasks")
    page.wait("at('tbody th')")
    assert page.run("at('a', 'New task')") is None
    assert page.run("at('.menu a', 'Audit trail')") is None
    go(page, f"tasks/{task}")
    page.wait("at('h1', 'Paint the hull')")
    assert page.run("document.querySelectorAll('.head .actions > *').length") == 0
    go(page, f"tasks/{task}/edit")
    page.shows("your role does not let you see it")


def test_the_role_of_a_person_is_changed(page: Page, office: Office) -> None:
    office.person("viewer")
    go(page, "users")
    page.click("tbody a", "Some viewer")
    page.click(".actions a", "Edit")
    page.set("Role", "member")
    page.click("button", "Save")
    page.wait("document.querySelector('.facts')?.innerText.includes('Role\\nMember')")


def test_too_many_requests_are_told_of(
    template: Template, browser: Browser, tmp_path: Path
) -> None:
    copy = template.copy(tmp_path / "backend")
    # Asking who one is takes the one request.
    with serving(copy, {"RATE_LIMIT_REQUESTS": "1"}) as url:
        tab = browser.page()
        Office.opened(url, "busy").sign_in(tab)
        tab.shows("Too many requests")
        tab.shows("Try again in")


def test_the_rows_of_others_are_not_there(page: Page, office: Office) -> None:
    other = Office.opened(office.url, f"{office.name}-other")
    task = other.task(other.project("Secret"), "Nobody knows")
    go(page, f"tasks/{task}")
    page.shows("There is nothing here")


def test_an_invitation_is_shown_once_and_accepted(page: Page, office: Office) -> None:
    go(page, "invitations/new")
    page.set("Email", f"new-{office.name}@example.test")
    page.set("Role", "member")
    page.click("button", "Invite")
    page.shows("It is shown this once.")
    secret = page.run("document.querySelector('dialog .secret').value")
    page.click("dialog button", "Close")
    page.wait("at('h1', 'new-')")
    page.click("button", "Sign out")
    page.click("button", "Join with an invitation")
    page.set("Secret of the invitation", secret)
    page.set("Your name", "Nina New")
    page.set("Password", PASSWORD)
    page.click("button", "Join")
    page.shows("Nina New")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen_and_every_control_has_a_name(
    page: Page, office: Office, width: int
) -> None:
    task = office.task(office.project("Harbour"), "Paint " + "the hull and the keel " * 9)
    page.resize(width, 800)
    for place in ("tasks", f"tasks/{task}", f"tasks/{task}/edit", "users", "audit-trail"):
        go(page, place)
        page.run("new Promise((done) => setTimeout(done, 200))")
        assert page.run("document.documentElement.scrollWidth <= innerWidth"), place
        unnamed = (
            "[...document.querySelectorAll('input, select, textarea, button, a')].filter((e) =>"
            " e.checkVisibility() && !e.labels?.length && !e.getAttribute('aria-label')"
            " && !e.textContent.trim()).map((e) => e.outerHTML)"
        )
        assert page.run(unnamed) == [], place


def test_keys_alone_lead_through_the_page(page: Page, office: Office) -> None:
    office.task(office.project("Harbour"), "Paint the hull")
    go(page, "labels")
    page.press("Tab")
    assert page.run("document.activeElement.closest('main') !== null")
    page.run("at('.menu a', 'Tasks').focus()")
    page.press("Enter")
    page.wait("at('h1', 'Tasks')")
    page.wait("document.activeElement.tagName === 'H1'")


def test_nothing_is_asked_of_any_other_host(browser: Browser, office: Office) -> None:
    tab = browser.page()
    office.sign_in(tab)
    go(tab, "tasks")

    asked = tab.run("performance.getEntriesByType('resource').map((each) => each.name)")
    assert asked
    assert [each for each in asked if not each.startswith(office.url)] == []
