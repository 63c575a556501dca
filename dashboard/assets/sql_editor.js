// A small SQL editor: a plain text area (so that keyboard, undo, selection, screen readers and phones work as everywhere)
// over a coloured copy of its text, with completion from the schema. No library, nothing fetched.

const KEYWORDS = ("select from where group by order having limit offset with as join inner left right full outer cross on " +
  "using and or not in is null like ilike between case when then else end distinct union all except intersect values " +
  "exists filter over partition rows range asc desc nulls first last cast interval date timestamp true false lateral " +
  "pivot unpivot describe summarize explain show tables recursive window").split(" ");
const FUNCTIONS = ("count sum avg min max median coalesce nullif round abs floor ceil length lower upper trim substring " +
  "concat replace contains starts_with date_trunc date_diff date_part extract strftime percentile_cont quantile_cont " +
  "row_number rank lag lead first_value last_value list unnest string_agg array_to_string max_by min_by stddev corr").split(" ");
const KNOWN = new Set(KEYWORDS);
const CALLED = new Set(FUNCTIONS);
const TOKENS = /(--[^\n]*|\/\*[^]*?(?:\*\/|$))|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|(\b\d+(?:\.\d+)?\b)|([A-Za-z_]\w*)|([^A-Za-z_'"\d\-\/]+|[^])/g;
const SHOWN = 12;
const PAUSE = 400;
const DRAFT = "retaguarda_sql_draft";

// What is being written is kept in this tab: a reload, or a server that was started anew, gives it back. A draft belongs to
// the text that it began with, to the one that was run last and stands in the address, or to the one that stood there when
// the editor was left, which may be running; whoever opens another text gets that one.
let latestRevision = 0;
function draftOf(text) {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
  return draft?.bases.includes(text) ? draft.text : null;
}

function coloured(text) {
  const fragment = document.createDocumentFragment();
  for (const [token, comment, string, , number, word] of text.matchAll(TOKENS)) {
    const kind = comment ? "comment" : string ? "string" : number ? "number"
      : word && KNOWN.has(word.toLowerCase()) ? "keyword" : word && CALLED.has(word.toLowerCase()) ? "function" : "";
    const piece = document.createElement("span");
    if (kind) piece.className = kind;
    piece.textContent = token;
    fragment.append(piece);
  }
  fragment.append("\n");
  return fragment;
}

// Tables that the statement names, each under its alias, its short and its full name.
function namedTables(text, schema) {
  const found = {};
  for (const [, name, alias] of text.matchAll(/\b(?:from|join)\s+([A-Za-z_]\w*\.[A-Za-z_]\w*)(?:\s+(?:as\s+)?([A-Za-z_]\w*))?/gi)) {
    const columns = schema[name.toLowerCase()];
    if (!columns) continue;
    found[name.toLowerCase()] = found[name.toLowerCase().split(".")[1]] = columns;
    if (alias && !KNOWN.has(alias.toLowerCase())) found[alias.toLowerCase()] = columns;
  }
  return found;
}

function candidates(text, caret, schema) {
  const prefix = text.slice(0, caret).match(/[A-Za-z_][\w.]*$/)?.[0].toLowerCase() ?? "";
  const tables = namedTables(text, schema);
  const dot = prefix.lastIndexOf(".");
  const typed = prefix.slice(dot + 1);
  let words = [];
  if (dot >= 0) {
    const before = prefix.slice(0, dot);
    words = (tables[before] ?? schema[before] ?? []).map(([word, type]) => [word, type]);
    const inside = Object.keys(schema).filter((name) => name.startsWith(before + "."));
    words = words.concat(inside.map((name) => [name.slice(before.length + 1), "table"]));
  } else {
    for (const columns of new Set(Object.values(tables))) words = words.concat(columns);
    words = words.concat(Object.keys(schema).map((name) => [name, "table"]),
      FUNCTIONS.map((word) => [word, "function"]), KEYWORDS.map((word) => [word, ""]));
  }
  const seen = new Set();
  const fits = words.filter(([word]) => !seen.has(word) && seen.add(word) && word !== typed
    && (word.startsWith(typed) || (typed.length > 1 && word.includes(typed))));
  fits.sort((a, b) => Number(b[0].startsWith(typed)) - Number(a[0].startsWith(typed)));
  return { typed, words: fits.slice(0, SHOWN) };
}

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const area = parentElement.querySelector("textarea");
  const copy = parentElement.querySelector("pre");
  const list = parentElement.querySelector("ul");
  const state = (parentElement.editorState ??= { revision: null, timer: 0, sent: null, chosen: 0, offered: null });
  area.setAttribute("aria-label", data.label);
  area.placeholder = data.placeholder;

  const draw = () => copy.replaceChildren(coloured(area.value));
  const follow = () => { copy.scrollTop = area.scrollTop; copy.scrollLeft = area.scrollLeft; close(); };
  const close = () => { list.hidden = true; state.offered = null; area.removeAttribute("aria-activedescendant"); };
  const send = () => {
    clearTimeout(state.timer);
    if (state.sent !== area.value) { state.sent = area.value; setStateValue("text", area.value); }
  };

  function offer(always) {
    const found = candidates(area.value, area.selectionStart, data.schema);
    if (!found.words.length || (!always && found.typed.length < 1 && area.value[area.selectionStart - 1] !== ".")) return close();
    state.offered = found;
    state.chosen = 0;
    const before = area.value.slice(0, area.selectionStart).split("\n");
    const style = getComputedStyle(area);
    const probe = document.createElement("span");
    probe.textContent = "0".repeat(40);
    copy.append(probe);
    const wide = probe.getBoundingClientRect().width / 40;
    probe.remove();
    const top = parseFloat(style.paddingTop) + before.length * parseFloat(style.lineHeight) - area.scrollTop;
    const left = parseFloat(style.paddingLeft) + (before.at(-1).length - found.typed.length) * wide - area.scrollLeft;
    list.replaceChildren(...found.words.map(([word, type], index) => {
      const item = document.createElement("li");
      item.id = `word-${index}`;
      item.setAttribute("role", "option");
      const detail = document.createElement("small");
      detail.textContent = type;
      item.append(word, detail);
      item.onmousedown = (event) => { event.preventDefault(); state.chosen = index; accept(); };
      return item;
    }));
    list.hidden = false;
    list.style.top = `${Math.min(top, area.clientHeight - 24)}px`;
    list.style.left = `${Math.max(0, Math.min(left, area.clientWidth - 260))}px`;
    mark();
  }

  function mark() {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === state.chosen)));
    list.children[state.chosen]?.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `word-${state.chosen}`);
  }

  function accept() {
    const { typed, words } = state.offered;
    area.setSelectionRange(area.selectionStart - typed.length, area.selectionStart);
    // The browser's own command keeps the history of undo; it is missing in some.
    if (!document.execCommand("insertText", false, words[state.chosen][0])) {
      area.setRangeText(words[state.chosen][0], area.selectionStart, area.selectionEnd, "end");
    }
    close();
    draw();
  }

  area.oninput = () => {
    draw();
    const bases = [data.text, new URLSearchParams(location.search).get("sql"), state.left];
    sessionStorage.setItem(DRAFT, JSON.stringify({ bases, text: area.value }));
    clearTimeout(state.timer);
    state.timer = setTimeout(send, PAUSE);
    offer(false);
  };
  area.onscroll = follow;
  area.onblur = () => { close(); state.left = area.value; send(); };
  area.onkeydown = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      close();
      state.left = area.value;
      send();
      setTriggerValue("run", area.value);
    } else if (event.ctrlKey && event.key === " ") {
      event.preventDefault();
      offer(true);
    } else if (state.offered) {
      const count = state.offered.words.length;
      if (event.key === "ArrowDown") state.chosen = (state.chosen + 1) % count;
      else if (event.key === "ArrowUp") state.chosen = (state.chosen + count - 1) % count;
      else if (event.key === "Enter" || event.key === "Tab") accept();
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      if (state.offered) mark();
    }
  };

  // Only another query replaces what is being typed; a redrawn page does not.
  if (state.revision !== data.revision) {
    state.revision = data.revision;
    area.value = data.text;
    state.sent = data.text;
    // Revisions count up while a reader opens texts; one that is not higher comes from a session that began anew.
    const draft = Number(data.revision) > latestRevision && latestRevision ? null : draftOf(data.text);
    latestRevision = Number(data.revision);
    if (draft !== null && draft !== data.text) {
      area.value = draft;
      state.timer = setTimeout(send, PAUSE);
    }
  }
  draw();
  return () => clearTimeout(state.timer);
}
