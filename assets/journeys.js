// The Journeys page in the browser: asks the server for the parts that an address stands for, swaps those that changed,
// keeps the focus, and draws the ribbons. It holds no words and no numbers of its own.
(() => {
  "use strict";
  const HEIGHT = 320; // pixels of a bar that stands for every session
  const PATIENCE = 300; // milliseconds until waiting is shown
  const served = new Map(); // a part's id -> its HTML as the server sent it, before scripts touched it
  let asking = new AbortController();
  let shown = null; // the address whose answer stands on the page

  const byId = (id) => document.getElementById(id);
  /** An address without what is opened in it: the rest is all that anything but the steps is of. */
  function unopened(address) {
    const { searchParams } = new URL(address, location.href);
    for (const name of ["open", "rows"]) searchParams.delete(name);
    return searchParams.toString();
  }

  const partAddress = (address) => `/journeys/answer${new URL(address, location.href).search}`;

  /** Ask for the parts of an address and show them; `how.push` makes it a step of the browser's history. */
  async function show(address, how = {}) {
    const started = performance.now();
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const waiting = setTimeout(() => byId("answer").setAttribute("aria-busy", "true"), PATIENCE);
    try {
      const alone = shown !== null && unopened(shown) === unopened(address);
      const headers = { accept: "text/html", ...(alone && { "Estate-Steps-Of": byId("answer").dataset.version }) };
      const response = await fetch(partAddress(address), { signal, headers });
      swap(await response.text(), how);
      shown = address;
      performance.measure("redraw", { start: how.at ?? started });
    } catch (problem) {
      if (problem.name !== "AbortError") fail();
    } finally {
      clearTimeout(waiting);
    }
  }

  function swap(html, how) {
    const focused = document.activeElement?.id;
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const { title, address } = fresh.getElementById("heading")?.dataset ?? {};
    for (const part of [...fresh.querySelectorAll("body > [data-part]")]) replace(part);
    if (title) document.title = title;
    if (address && how.push) history.pushState(null, "", address);
    enhance();
    draw();
    refocus(focused, how);
    byId("announced").textContent = byId("message")?.textContent ?? "";
  }

  /** Swap a part if it is another than the one there; of a part that is made of the same parts, only those that changed. */
  function replace(part) {
    if ("same" in part.dataset) return;
    const here = byId(part.id);
    const [mine, theirs] = [here, part].map(parts);
    if (mine.length && names(mine) === names(theirs)) {
      served.delete(part.id);
      here.removeAttribute("aria-busy");
      Object.assign(here.dataset, part.dataset);
      return theirs.forEach(replace);
    }
    if (served.get(part.id) === part.outerHTML) return;
    for (const one of [part, ...theirs]) served.set(one.id, one.outerHTML);
    here.replaceWith(document.adoptNode(part));
  }

  const parts = (within) => [...within.querySelectorAll("[data-part]")];
  const names = (some) => some.map(({ id }) => id).join();

  /** The focus stays on what was pressed; where that is gone, it goes to the problem or to what the page now shows. */
  function refocus(id, how) {
    const target = byId("problems") ?? (how.heading ? null : id && byId(id));
    if (target) return target.focus({ preventScroll: target.id !== "problems" });
    if (how.push) byId("title").focus();
  }

  function fail() {
    const answer = byId("answer");
    answer.replaceChildren(byId("unreachable").content.cloneNode(true));
    answer.removeAttribute("aria-busy");
    served.delete("answer");
    shown = null;
    answer.querySelector(".govuk-error-summary").focus();
  }

  /** Turn what the server sent into its livelier self: boxes that find pages, details that stay open. */
  function enhance() {
    for (const field of document.querySelectorAll("input[data-finder]")) finder(field);
  }

  const escaped = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

  function finder(field) {
    const { finder: source, none } = field.dataset;
    const error = field.getAttribute("aria-describedby");
    const holder = document.createElement("div");
    field.replaceWith(holder);
    let timer;
    window.accessibleAutocomplete({
      element: holder, id: field.id, name: field.name, defaultValue: field.value, inputClasses: "govuk-input",
      menuAttributes: { "aria-labelledby": field.id }, confirmOnBlur: false, displayMenu: "overlay", minLength: 2,
      tNoResults: () => none,
      templates: {
        inputValue: (found) => found?.page ?? found ?? "",
        suggestion: (found) => typeof found === "string" ? escaped(found) : `${escaped(found.page)} <span class="found__title">${escaped(found.title)}</span>`,
      },
      source: (words, populate) => {
        clearTimeout(timer);
        timer = setTimeout(() => find(source, words).then(populate), 120);
      },
    });
    if (error) describe(holder.querySelector("input"), error);
  }

  /** What is wrong with a field is read out before how to use it. */
  function describe(input, error) {
    input.classList.add("govuk-input--error");
    input.setAttribute("aria-describedby", `${error} ${input.getAttribute("aria-describedby") ?? ""}`.trim());
  }

  async function find(source, words) {
    const address = new URL(source, location.href);
    address.searchParams.set("q", words);
    const response = await fetch(address);
    return response.ok ? response.json() : [];
  }

  /** Set the bars, then draw each link as a filled band between its two nodes, stacked in the order of the other ends. */
  function draw() {
    const columns = document.querySelector(".columns");
    if (!columns) return;
    for (const node of columns.querySelectorAll(".node")) {
      node.parentElement.style.setProperty("--height", `${node.dataset.share * HEIGHT}px`);
      node.parentElement.style.setProperty("--width", `${node.dataset.share * 100}%`);
      node.parentElement.style.setProperty("--other", `${(node.dataset.other ?? 0) * HEIGHT}px`);
      node.parentElement.style.setProperty("--other-width", `${(node.dataset.other ?? 0) * 100}%`);
    }
    const drawing = columns.querySelector(".ribbons");
    const frame = columns.getBoundingClientRect();
    const boxes = new Map([...columns.querySelectorAll(".node")].map((node) => [node.id, node.parentElement.getBoundingClientRect()]));
    const links = JSON.parse(columns.dataset.links).filter(([from, to]) => boxes.has(from) && boxes.has(to));
    const scale = HEIGHT / Number(columns.dataset.sessions);
    const used = { from: new Map(), to: new Map() };
    const place = (side, id, thick) => {
      const at = used[side].get(id) ?? 0;
      used[side].set(id, at + thick);
      return boxes.get(id).top - frame.top + at;
    };
    const top = ([from, to]) => boxes.get(to).top * 1e4 + boxes.get(from).top;
    drawing.replaceChildren(...links.sort((a, b) => top(a) - top(b)).map(([from, to, sessions, crosses]) => {
      const thick = sessions * scale;
      const forward = boxes.get(to).left > boxes.get(from).left;
      const x0 = (forward ? boxes.get(from).right : boxes.get(from).left) - frame.left;
      const x1 = (forward ? boxes.get(to).left : boxes.get(to).right) - frame.left;
      return ribbon({ from, to, x0, x1, y0: place("from", from, thick), y1: place("to", to, thick), thick: Math.max(thick, 1), crosses });
    }));
    choose();
  }

  function ribbon({ from, to, x0, x1, y0, y1, thick, crosses }) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const middle = (x0 + x1) / 2;
    path.setAttribute("d", `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${thick}C${middle} ${y1 + thick} ${middle} ${y0 + thick} ${x0} ${y0 + thick}z`);
    path.dataset.from = from;
    path.dataset.to = to;
    if (byId(to).classList.contains("node--ended")) path.classList.add("ended");
    if (crosses) path.classList.add("crosses");
    return path;
  }

  /** Stress the ribbons of the node under the pointer or the focus, and of every opened node. */
  function choose(id) {
    const chosen = new Set([...document.querySelectorAll('.node[aria-expanded="true"]')].map((node) => node.id).concat(id ?? []));
    for (const path of document.querySelectorAll(".ribbons path")) {
      path.classList.toggle("chosen", chosen.has(path.dataset.from) || chosen.has(path.dataset.to));
    }
  }

  /** Arrow keys walk through a column and across columns, and Escape closes what is open; Tab works as everywhere. */
  function walk(event) {
    const opened = event.key === "Escape" && event.target.closest?.(".nodes__item--open")?.querySelector("button.node");
    if (opened) {
      opened.focus();
      return opened.click();
    }
    const node = event.target.closest?.("button.node");
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!node || !(across || along) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const buttons = (step) => [...step.querySelectorAll("button.node")];
    const steps = [...document.querySelectorAll(".step")];
    if (document.querySelector(".explorer--backward")) steps.reverse();
    const step = node.closest(".step");
    const column = buttons(step);
    if (along) return column[column.indexOf(node) + along]?.focus();
    const next = steps[steps.indexOf(step) + across];
    if (next) buttons(next)[Math.min(column.indexOf(node), buttons(next).length - 1)]?.focus();
  }

  function press(event) {
    const button = event.target.closest("[data-go]");
    if (button) return show(button.dataset.go, { push: true, at: event.timeStamp });
    const link = event.target.closest("main a[href]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.origin !== location.origin || link.pathname !== "/journeys" || link.hash) return;
    event.preventDefault();
    show(link.href, { push: true, heading: true, at: event.timeStamp });
  }

  function apply(event) {
    if (!event.target.matches(".filters")) return;
    event.preventDefault();
    const values = [...new FormData(event.target)].filter(([, value]) => value !== "");
    show(`/journeys?${new URLSearchParams(values)}`, { push: true, heading: true });
  }

  document.addEventListener("click", press);
  document.addEventListener("submit", apply);
  document.addEventListener("keydown", walk);
  document.addEventListener("pointerover", (event) => choose(event.target.closest?.(".node")?.id));
  document.addEventListener("focusin", (event) => choose(event.target.closest?.(".node")?.id));
  window.addEventListener("popstate", () => show(location.href));
  window.addEventListener("resize", () => requestAnimationFrame(draw));
  for (const part of document.querySelectorAll("[data-part]")) served.set(part.id, part.outerHTML);
  window.govuk.createAll(window.govuk.SkipLink);
  window.govuk.createAll(window.govuk.ErrorSummary);
  enhance();
  show(location.href);
})();
