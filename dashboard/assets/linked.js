// Tables and lists of our own with links to pages. A plain click changes the address as the browser's own buttons do, and
// Streamlit follows it without loading the dashboard anew; with a key held, or the middle button, the browser opens the
// same address in another tab.
export default function ({ parentElement, data }) {
  const body = parentElement.querySelector(".body");
  if (body.dataset.revision !== data.revision) {
    body.dataset.revision = data.revision;
    body.innerHTML = data.html;
  }
  body.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    if (address.startsWith("#")) {
      const place = body.querySelector(`[id="${address.slice(1)}"]`);
      if (place) place.scrollIntoView({ behavior: "smooth", block: "start" });
      return;
    }
    window.history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };
}
