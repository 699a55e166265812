"""What people do with the product, as sentences. Only what several stories share belongs here."""

import io
import re
from dataclasses import dataclass

import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

PASSWORD = "four calm words in a row"
RATED = ("heard", "safe", "goals", "approach", "pace", "respect")


@dataclass
class StaffMember:
    """Somebody with an account, at a tab of their own."""

    page: Page
    base_url: str

    def takes_up(self, invitation: str) -> None:
        """Opens an invitation link and chooses a password."""
        self.page.goto(invitation)
        self.page.get_by_label("New password").fill(PASSWORD)
        self.page.get_by_role("button", name="Set password and sign in").click()

    def signs_in(self, email: str) -> None:
        """Signs in from the sign-in page."""
        self.page.goto(f"{self.base_url}/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
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
        receipt = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", self.page.inner_text("main"))
        assert receipt is not None
        return receipt[0]
