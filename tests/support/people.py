"""What people do with the product, as sentences. Only what several stories share belongs here."""

import io
import re
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from feedback.domain.care import Staff
from feedback.domain.clock import Clock, SystemClock
from feedback.security.totp import code_at, step_at
from feedback.services.accounts.keep_signed_in import start_session
from tests.support.world import World

PASSWORD = "four calm words in a row"
RATED = ("heard", "safe", "goals", "approach", "pace", "respect")


def enters(served: World, context: BrowserContext, person: Staff) -> Page:
    """Somebody is signed in already, with both steps; gives a tab at the first page of their role."""
    it = served.installation
    with served.writing() as uow:
        cookie = start_session(uow, it.clock, it.keyring, it.chance, staff=person)
    context.add_cookies([{"name": "feedback_staff", "value": cookie, "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}/sign-in")
    return page


@dataclass
class StaffMember:
    """Somebody with an account, at a tab of their own, with an authenticator app and a sheet of recovery codes."""

    page: Page
    base_url: str
    clock: Clock = field(default_factory=SystemClock)
    recovery_codes: list[str] = field(default_factory=list)

    def takes_up(self, invitation: str) -> None:
        """Opens an invitation link, chooses a password, sets up the second step and keeps the recovery codes."""
        self.page.goto(invitation)
        self.page.get_by_label("New password").fill(PASSWORD)
        self.page.get_by_role("button", name="Set password").click()
        self.sets_up_an_app()
        self.page.get_by_role("link", name="I have kept them").click()

    def sets_up_an_app(self) -> str:
        """Types the key of the page into an app and what the app shows into the page; gives the app's seed."""
        seed = (self.page.locator("#key").text_content() or "").replace(" ", "")
        self.page.get_by_label("6-digit code").fill(code_at(seed, step_at(self.clock.now())))
        self.page.get_by_role("button", name="Finish").click()
        self.recovery_codes = self.page.locator(".codes li").all_inner_texts()
        return seed

    def signs_in(self, email: str) -> None:
        """Signs in from the sign-in page, with a recovery code: two sign-ins may fall into one half-minute."""
        self.page.goto(f"{self.base_url}/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Continue").click()
        self.page.get_by_label("Code").fill(self.recovery_codes.pop())
        self.page.get_by_role("button", name="Sign in").click()

    def opens_a_case(self) -> str:
        """Opens a case and gives its code."""
        self.page.goto(f"{self.base_url}/cases")
        self.page.get_by_role("button", name="Open a case").click()
        expect(self.page.locator("h1")).to_contain_text("Case")
        return self.page.url.rsplit("/", 1)[1]

    def shows_a_code(self, case: str) -> bytes:
        """Adds today's session, shows its code, and gives what the screen looks like."""
        self.page.goto(f"{self.base_url}/cases/{case}")
        self.page.get_by_role("button", name="New session and code").click()
        expect(self.page.locator("svg.qr")).to_be_visible()
        return self.page.screenshot()

    def looks_at_the_dashboard(self) -> Page:
        """Opens the dashboard."""
        self.page.goto(f"{self.base_url}/dashboard")
        return self.page


@dataclass
class Client:
    """Somebody with a phone."""

    context: BrowserContext

    def __post_init__(self) -> None:
        """Keep a tab and a list of all that the phone asked for."""
        self.page = self.context.new_page()
        self.asked_for: list[str] = []
        self.page.on("request", lambda request: self.asked_for.append(request.url))

    def scans(self, screen: bytes) -> str:
        """Points the camera at a screen and opens what the square says."""
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(screen)))
        self.page.goto(found.text)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("How was today?")
        return found.text

    def nonce(self) -> str:
        """Reads the form's one-time key off the page's source."""
        return self.page.locator('input[name="nonce"]').get_attribute("value") or ""

    def rates(self, number: int, **apart: int) -> None:
        """Chooses a number for every question, another one for those named."""
        for item in RATED:
            self.page.locator(f'input[name="{item}"][value="{apart.get(item, number)}"]').check(force=True)

    def chooses(self, *labels: str) -> None:
        """Chooses answers in words."""
        for label in labels:
            self.page.get_by_label(label, exact=True).check(force=True)

    def writes(self, note: str) -> None:
        """Writes a note."""
        self.page.locator('textarea[name="comment"]').fill(note)

    def sends(self, button: str) -> str:
        """Presses one of the buttons and gives the receipt."""
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Thank you.")
        receipt = re.search(r"\b[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}\b", self.page.inner_text("main"))
        assert receipt is not None
        return receipt[0]
