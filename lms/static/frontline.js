// Starts the components' script. Everything on the pages works without it.
const tag = document.querySelector("script[data-components]");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
const { initAll } = await import(tag.dataset.components);
initAll();
// Parts that htmx brought in get their components too.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});
