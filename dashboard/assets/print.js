// The language of the page, for screen readers. Before a page goes to paper: charts may shrink with it (they are drawn for the width of the screen), colours of the dark
// become those of the light, and the address is written below. Afterwards everything is as it was.

const LIGHT = { "--st-blue-text-color": "#1d5fa8", "--st-orange-text-color": "#a8500a", "--st-gray-text-color": "#5d6875",
  "--st-violet-text-color": "#6b3fb0", "--st-green-text-color": "#1a6b3c", "--st-red-text-color": "#a3262b",
  "--st-link-color": "#1f5fa3" };

function isDark(colour) {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? ["255", "255", "255"]).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

export default function ({ parentElement, data }) {
  const root = document.documentElement;
  root.lang = data.language;  // Streamlit says English, and a screen reader would read Portuguese as such
  const here = parentElement.querySelector(".paper");
  let undone = [];

  const before = () => {
    const note = document.createElement("p");
    note.className = "printed";
    note.textContent = window.location.href;
    document.querySelector("[data-testid=stMainBlockContainer]")?.append(note);
    undone.push(() => note.remove());
    for (const frame of document.querySelectorAll(".js-plotly-plot .svg-container")) {
      const { offsetWidth: width, offsetHeight: height } = frame;
      frame.dataset.printedChart = "";
      frame.style.aspectRatio = `${width} / ${height}`;
      frame.style.setProperty("max-width", `${width}px`, "important");  // made smaller, never larger
      frame.querySelectorAll(".main-svg").forEach((drawing) => drawing.setAttribute("viewBox", `0 0 ${width} ${height}`));
      undone.push(() => {
        delete frame.dataset.printedChart;
        frame.style.aspectRatio = frame.style.maxWidth = "";
        frame.querySelectorAll(".main-svg").forEach((drawing) => drawing.removeAttribute("viewBox"));
      });
    }
    if (!isDark(getComputedStyle(document.querySelector(".stApp")).backgroundColor)) return;
    root.dataset.printedGround = "dark";
    undone.push(() => delete root.dataset.printedGround);
    // The words of the theme's colours on its dark ground, each with the one that it has on a light ground.
    const theme = getComputedStyle(here);
    const probe = document.createElement("span");
    here.append(probe);
    const onPaper = {};
    for (const [name, colour] of Object.entries(LIGHT)) {
      probe.style.color = theme.getPropertyValue(name);
      onPaper[getComputedStyle(probe).color] = colour;
    }
    probe.remove();
    for (const word of document.querySelectorAll(".stMarkdownColoredText")) {
      const colour = word.style.color;
      word.dataset.printedColour = "";
      word.style.color = onPaper[getComputedStyle(word).color] ?? "#111";
      undone.push(() => { delete word.dataset.printedColour; word.style.color = colour; });
    }
  };
  const after = () => {
    undone.forEach((undo) => undo());
    undone = [];
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}
