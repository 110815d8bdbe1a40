// What HTML and htmx do not do by themselves: focus, the keyboard, questions before a deed, menus that close.
"use strict";

const returns = new Map(); // pane -> id of the element that had the focus before its modal opened
const shown = new Map(); // pane -> id of the modal it shows
let before = null; // what had the focus before a swap: its id, and the ids of what it stood in

const byId = (id) => document.getElementById(id);
const FIELDS = "input:not([type=hidden]), select, textarea";
const REACHABLE = `a[href], button:not([hidden]), ${FIELDS}, summary, [tabindex="0"]`;

function first(within) {
  const wrong = within.querySelector("[aria-invalid=true]");
  const field = wrong || within.querySelector("[data-first]") || within.querySelector(`.b-input :is(${FIELDS})`);
  if (!field) return within;
  return field.matches("fieldset") ? field.querySelector("input") || within : field;
}

function remember() {
  const active = document.activeElement;
  if (!active || active === document.body) return;
  before = [];
  for (let at = active; at; at = at.parentElement) if (at.id) before.push(at.id);
}

// Answers may overtake each other: one that was drawn earlier than what is shown, or for a place that was left, is dropped.
function isStale({ ctx }) {
  const shown = ctx.target?.dataset?.drawn;
  const drawn = /data-drawn="(\d+)"/.exec(ctx.text)?.[1];
  if (!shown || !drawn || ctx.swap === "none") return false;
  const older = Number(drawn) < Number(shown);
  const moves = ctx.hx?.pushurl || ctx.hx?.replaceurl;
  const left = !moves && ctx.target.matches(".pane") && ctx.request.headers["HX-Current-URL"] !== location.href;
  if (left || (moves && older)) setTimeout(() => htmx.trigger(document.body, "panes"));
  return left || (older && !moves);
}

// A form that is drawn again keeps what was typed in it, as Slack's own does: the server may not have heard the last words.
const isTyped = (field) =>
  field.matches?.(".modal :is(textarea, input[type=text], input[type=email])") && field.value !== field.defaultValue;

htmx.registerExtension("practice", {
  htmx_before_morph_node: (field, { newNode }) => {
    if (field.matches?.("textarea") && isTyped(field) && field.id === newNode.id) newNode.value = field.value;
  },
  htmx_before_morph_attr: (field, { attrName, newValue }) =>
    !(attrName === "value" && field.matches?.("input") && isTyped(field) && newValue !== field.value),
  htmx_before_swap: (element, detail) => {
    remember();
    if (isStale(detail)) detail.tasks.length = 0;
  },
});

document.addEventListener("htmx:after:swap", () => {
  for (const pane of document.querySelectorAll(".pane")) {
    const modal = pane.querySelector(".modal");
    const old = shown.get(pane.id);
    // Errors count as a new modal: the focus goes to the first field that is wrong.
    const now = modal && modal.id + (modal.querySelector("[aria-invalid=true]") ? " wrong" : "");
    if (now && now !== old) {
      if (!old && before) returns.set(pane.id, before);
      shown.set(pane.id, now);
      if (!old || before?.includes(pane.id)) first(modal).focus();
    } else if (!now && old) {
      shown.delete(pane.id);
      refocus(returns.get(pane.id) || [pane.id]);
    } else {
      const editing = pane.querySelector(".editing [data-first]");
      if (editing && document.activeElement === document.body) editing.focus();
    }
  }
  // What had the focus may be gone: the nearest thing around it that is still there gets it.
  if (before && document.activeElement === document.body) refocus(before);
  before = null;
});

function refocus(ids) {
  for (const id of ids) {
    const found = byId(id);
    if (found && !found.closest("[inert]")) {
      found.focus({ preventScroll: true });
      if (document.activeElement === found) return;
      const step = found.querySelector(".step.current summary");
      if (step) return step.focus({ preventScroll: true });
    }
  }
}

document.addEventListener("keydown", (event) => {
  const modal = event.target.closest?.(".modal");
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (modal) modal.querySelector("[data-escape]").click();
  }
  if (event.key === "Tab" && modal) {
    const all = [...modal.querySelectorAll(REACHABLE)].filter((each) => each.offsetParent && !each.disabled);
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (event.target === edge || event.target === modal) {
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0]).focus();
    }
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches?.("textarea.say")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target) || event.target.closest(".menu-list")) menu.open = false;
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) byId(toggle.dataset.toggle).toggleAttribute("data-nav");
  else event.target.closest(".places a")?.closest(".pane").removeAttribute("data-nav");
  const fill = event.target.closest("[data-fill]");
  if (fill) {
    byId(fill.dataset.fill).value = fill.dataset.text;
    byId(fill.dataset.fill).focus();
  }
  // A button that is a link also tells the bot that it was pressed.
  const tell = event.target.closest("[data-tell]");
  if (tell) byId(tell.dataset.tell).click();
});

// A question before the deed, in a dialog of our own that says what is asked.
document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { issueRequest, dropRequest, ctx } = event.detail;
  const asked = JSON.parse(ctx.confirm);
  const dialog = byId("sure");
  for (const [id, text] of Object.entries({ title: asked.title, text: asked.text, yes: asked.confirm, no: asked.deny }))
    byId(`sure-${id}`).textContent = text;
  byId("sure-yes").className = asked.style || "primary";
  dialog.returnValue = "";
  dialog.onclose = () => (dialog.returnValue === "yes" ? issueRequest() : dropRequest());
  dialog.showModal();
});

// The name of what is attached stands on the label of the field.
function nameFiles(form) {
  for (const label of form.querySelectorAll("[data-files]")) {
    const names = [...label.parentElement.querySelector("input").files].map((file) => file.name);
    label.textContent = names.join(", ") || label.dataset.files;
  }
}
document.addEventListener("change", (event) => event.target.type === "file" && nameFiles(event.target.form));
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("form.composer").forEach(nameFiles));
document.addEventListener("sent", (event) => {
  event.target.reset?.();
  nameFiles(event.target);
});
const afresh = () => location.assign("/" + (/[?&]taal=en/.test(location.search) ? "?taal=en" : ""));
document.addEventListener("afresh", afresh);
// The server starts over as a new process: the page goes on when that answers.
document.addEventListener("restarting", () => {
  document.body.classList.add("waiting");
  setInterval(async () => {
    const run = await fetch("/_page/run").then((answer) => answer.text(), () => document.body.dataset.run);
    if (run !== document.body.dataset.run) afresh();
  }, 300);
});
for (const name of ["journal", "toggle"])
  document.addEventListener(name, () => byId("journal")?.open && htmx.trigger("#journal-list", "refresh"), true);
