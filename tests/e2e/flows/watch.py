"""What a visitor's browser complains of, on whatever page, gathered for the end of a test."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Says on the console what makes a page wider than its window, whenever that is.
EDGE = """
(() => {
  const told = new Set();
  let looks = 0; // in a row: what is wide only while it is drawn scrolls nothing
  const look = () => {
    const root = document.documentElement;
    looks = root && document.body && root.scrollWidth > window.innerWidth ? looks + 1 : 0;
    if (looks < 4) return;
    const wide = [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
      .map((one) => `${one.tagName.toLowerCase()}.${one.className}`.slice(0, 80));
    const said = `wider than its window: ${location.pathname} (${wide.slice(0, 4).join(", ")})`;
    if (!told.has(said)) console.error(said);
    told.add(said);
  };
  setInterval(look, 50);
})();
"""


class Watch:
    """Everything that went wrong in one browser context, but for what a test provokes."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.complaints: list[str] = []
        self.visited: list[str] = []
        self._host = host
        self._provoked: set[str] = set()
        context.add_init_script(EDGE)
        context.on("page", self._watch_page)
        context.on("request", self._note_request)
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_response)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def expect_status(self, status: int, path: str) -> None:
        """A test asks for this answer on purpose."""
        self._provoked.add(f"{status} {path}")

    def _watch_page(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self.visited.append(urlsplit(frame.url).path))

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self._host:
            self.complaints.append(f"left the site: {request.url}")

    def _note_failure(self, request: Request) -> None:
        """Being aborted is no failure: a page that is left takes back what it had asked for."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure}: {request.url}")

    def _note_response(self, response: Response) -> None:
        said = f"{response.status} {urlsplit(response.url).path}"
        if response.status >= 400 and said not in self._provoked:
            self.complaints.append(said)

    def _note_console(self, message: ConsoleMessage) -> None:
        path = urlsplit(message.location.get("url", "")).path
        is_provoked = any(one.endswith(f" {path}") for one in self._provoked)
        if message.type == "error" and not is_provoked:
            self.complaints.append(f"{message.text} ({path})")
