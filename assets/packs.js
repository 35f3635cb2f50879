// Report packs: while one is made its page shows how far it is, and can stop it; one that can't be made says why in its place.
// It holds no words and no numbers of its own: the server sends a line of JSON a step, then the file's name and its bytes.
(() => {
  "use strict";
  const NEWLINE = 10;
  let running = new AbortController();

  /** The parts of an answer's body as they come, as bytes. */
  async function* pieces(body) {
    const reader = body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  }

  /** The file that an answer ends with; each line before it is told. Nothing where a line says that there is none. */
  async function file(body, tell) {
    let line = [];
    let named;
    const bytes = [];
    for await (let piece of pieces(body)) {
      for (let end = piece.indexOf(NEWLINE); !named && end >= 0; end = piece.indexOf(NEWLINE)) {
        const step = JSON.parse(await new Blob([...line, piece.subarray(0, end)]).text());
        [line, piece] = [[], piece.subarray(end + 1)];
        tell(step);
        if (step.failed) return undefined;
        if (step.name) named = step;
      }
      (named ? bytes : line).push(piece);
    }
    const whole = new Blob(bytes, { type: named?.type });
    if (whole.size !== named?.size) throw new TypeError("cut short");
    return new File([whole], named.name, { type: named.type });
  }

  function save(made) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(made), download: made.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function make(place, href) {
    const [said, bar, wrong] = ["[data-told]", "progress", "[data-wrong]"].map((found) => place.querySelector(found));
    const waiting = place.querySelector("[data-making]");
    const failed = (html) => wrong.replaceChildren(...new DOMParser().parseFromString(html, "text/html").querySelectorAll(".govuk-error-summary"));
    const tell = (step) => {
      said.textContent = step.said ?? "";
      if (step.of) [bar.max, bar.value] = [step.of, step.done];
      if (step.failed) failed(step.failed);
    };
    running.abort();
    const mine = (running = new AbortController());
    wrong.replaceChildren();
    bar.removeAttribute("value");
    waiting.hidden = false;
    try {
      const address = new URL(href, location);
      address.pathname += "/told";
      const answer = await fetch(address, { signal: mine.signal });
      const made = answer.ok ? await file(answer.body, tell) : failed(await answer.text());
      if (made) save(made);
    } catch (problem) {
      if (mine === running) said.textContent = problem.name === "AbortError" ? place.dataset.stopped : place.dataset.broken;
    } finally {
      if (mine === running) waiting.hidden = true;
    }
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-pack], [data-stop]");
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ("stop" in pressed.dataset) running.abort();
    else make(pressed.closest("[data-packs]"), pressed.href);
  });
})();
