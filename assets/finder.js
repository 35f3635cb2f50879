// A box that finds a page among all by words of its address or title, on pages whose figures come by Dash.
(() => {
  "use strict";
  const PATIENCE = 120; // milliseconds after the last key until the server is asked

  async function find(source, words) {
    const address = new URL(source, location.href);
    address.searchParams.set("q", words);
    const response = await fetch(address);
    return response.ok ? response.json() : [];
  }

  const escaped = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

  function enliven(field) {
    const { finder: source, none, looking } = field.dataset;
    const form = field.form;
    const holder = document.createElement("div");
    field.replaceWith(holder);
    let timer, waiting = false;
    window.accessibleAutocomplete({
      element: holder, id: field.id, name: field.name, defaultValue: field.value, inputClasses: "govuk-input",
      menuAttributes: { "aria-labelledby": field.id }, confirmOnBlur: false, displayMenu: "overlay", minLength: 2,
      tNoResults: () => waiting ? looking : none,
      templates: {
        inputValue: (found) => found?.page ?? found ?? "",
        suggestion: (found) => typeof found === "string" ? escaped(found) : `${escaped(found.page)} <span class="found__title">${escaped(found.title)}</span>`,
      },
      source: (words, populate) => {
        clearTimeout(timer);
        waiting = true;
        timer = setTimeout(async () => {
          const found = await find(source, words);
          waiting = false;
          populate(found);
        }, PATIENCE);
      },
      onConfirm: (found) => {
        if (found?.page) setTimeout(() => form.requestSubmit());
      },
    });
  }

  for (const field of document.querySelectorAll("input[data-finder]")) enliven(field);
})();
