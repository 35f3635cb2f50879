// Forms in which people make things: shows what their lines find among real pages, shortly after the last key.
// It holds no words and no numbers of its own.
(() => {
  "use strict";
  const PAUSE = 350; // milliseconds without a key

  function trying(form) {
    const place = form.querySelector("[data-tried]");
    let timer;
    let asking = new AbortController();
    const ask = async () => {
      asking.abort();
      asking = new AbortController();
      try {
        const body = new URLSearchParams(new FormData(form));
        const response = await fetch(form.dataset.try, { method: "POST", body, signal: asking.signal });
        if (!response.ok) return;
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body;
        place.replaceChildren(...fresh.childNodes);
      } catch (problem) {
        if (problem.name !== "AbortError") place.replaceChildren();
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    if ([...form.querySelectorAll("textarea, input[type=text]")].some((field) => field.value)) ask();
  }

  for (const form of document.querySelectorAll("form[data-try]")) trying(form);
  window.govuk.createAll(window.govuk.SkipLink);
  window.govuk.createAll(window.govuk.ErrorSummary);
})();
