// Copies the sentence of an answer, with what it is of and its address, for a report or a message. It holds no words of its own.
(() => {
  "use strict";
  const SHOWN = 2000; // milliseconds that the button says that it has copied

  async function copy(button) {
    const answer = button.closest(".answer");
    const said = [".answer__sentence", ".answer__coverage"].map((part) => answer.querySelector(part).textContent);
    await navigator.clipboard.writeText([said[0], `${document.title}. ${said[1]}`, location.href].join("\n"));
    const before = button.textContent;
    button.textContent = document.getElementById("announced").textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = before), SHOWN);
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-copied]");
    if (button && button.textContent !== button.dataset.copied) copy(button);
  });
})();
