// Lineage as layers of links: columns with lines between them where there is room, an indented list where there is not.
// The same links serve mouse, keyboard and screen readers; lines are decoration. No library, nothing fetched.

const SHOWN = 14;
const SVG = "http://www.w3.org/2000/svg";

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// Names may break after an underscore or a point, so that long ones stay whole in a narrow column.
function breakable(text) {
  const fragment = document.createDocumentFragment();
  for (const part of text.split(/(?<=[_.])/)) fragment.append(part, document.createElement("wbr"));
  return fragment;
}

function address(node) {
  const url = new URL(window.location.href);
  if (node.kind === "page") {
    const parts = url.pathname.split("/");
    parts[parts.length - 1] = node.name;
    url.pathname = parts.join("/");
    for (const name of ["view", "node"]) url.searchParams.delete(name);
  } else {
    url.searchParams.set("node", node.name);
  }
  return url.href;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".lineage");
  const labels = Object.fromEntries(data.layers.flatMap((layer) => layer.nodes.map((node) => [node.name, node.label])));
  const parents = {};
  for (const [parent, child] of data.edges) (parents[child] ??= []).push(parent);
  root.setAttribute("aria-label", data.words.label);
  root.replaceChildren();
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("aria-hidden", "true");
  root.append(lines);
  const boxes = {};

  data.layers.forEach((layer, depth) => {
    const column = made("section", "layer");
    column.style.setProperty("--depth", depth);
    const title = made("h2", "", layer.title);
    title.append(made("span", "count", String(layer.nodes.length)));
    const list = made("ul");
    const at = layer.nodes.findIndex((node) => node.name === data.focus);
    if (at >= SHOWN) layer.nodes.unshift(...layer.nodes.splice(at, 1));
    layer.nodes.forEach((node, index) => {
      const item = made("li");
      item.hidden = index >= SHOWN;
      const link = made("a", node.kind);
      link.href = address(node);
      if (node.title) link.title = node.title;
      const label = made("span", "label");
      label.dir = "auto";
      label.append(breakable(node.label));
      link.append(label);
      if (node.note) {
        const note = made("span", "note");
        note.dir = "auto";
        note.append(breakable(node.note));
        link.append(note);
      }
      if (node.name === data.focus) {
        link.setAttribute("aria-current", "true");
        link.append(made("span", "unseen", ` (${data.words.chosen})`));
      }
      const above = (parents[node.name] ?? []).map((name) => labels[name]);
      if (above.length) link.append(made("span", "unseen", `, ${data.words.from}: ${above.join(", ")}`));
      link.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        event.preventDefault();
        setTriggerValue(node.kind === "page" ? "page" : "node", node.name);
      };
      link.onmouseenter = link.onfocus = () => mark(node.name);
      link.onmouseleave = link.onblur = () => mark(data.focus);
      item.append(link);
      list.append(item);
      boxes[node.name] = link;
    });
    column.append(title, list);
    const hidden = layer.nodes.length - SHOWN;
    if (hidden > 0) {
      const more = made("button", "more");
      more.type = "button";
      const tell = (open) => {
        more.textContent = open ? data.words.fewer : data.words.more.replace("{count}", String(hidden));
        more.setAttribute("aria-expanded", String(open));
      };
      tell(false);
      more.onclick = () => {
        const open = more.getAttribute("aria-expanded") !== "true";
        [...list.children].forEach((item, index) => { item.hidden = !open && index >= SHOWN; });
        tell(open);
        draw();
      };
      column.append(more);
    }
    root.append(column);
  });

  function mark(name) {
    for (const path of lines.children) {
      path.classList.toggle("near", path.dataset.parent === name || path.dataset.child === name);
    }
  }

  function draw() {
    const frame = root.getBoundingClientRect();
    lines.setAttribute("width", frame.width);
    lines.setAttribute("height", frame.height);
    lines.replaceChildren();
    for (const [parent, child] of data.edges) {
      const from = boxes[parent]?.getBoundingClientRect();
      const to = boxes[child]?.getBoundingClientRect();
      if (!from?.height || !to?.height) continue;
      const startX = from.right - frame.left, startY = from.top + from.height / 2 - frame.top;
      const endY = to.top + to.height / 2 - frame.top;
      const path = document.createElementNS(SVG, "path");
      if (to.left > from.right) {
        const endX = to.left - frame.left, bend = Math.min(40, (endX - startX) / 2);
        path.setAttribute("d", `M${startX},${startY}C${startX + bend},${startY} ${endX - bend},${endY} ${endX},${endY}`);
      } else {
        // Within a layer: round its right side.
        const out = 9 + Math.min(9, Math.abs(endY - startY) / 40);
        path.setAttribute("d", `M${startX},${startY}C${startX + out},${startY} ${startX + out},${endY} ${startX},${endY}`);
      }
      path.dataset.parent = parent;
      path.dataset.child = child;
      lines.append(path);
    }
    mark(data.focus);
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(root);
  return () => watcher.disconnect();
}
