// Saves an answer as soon as it changes, says so, and tries again until it is safe. Without it the form does the same.
const form = document.querySelector("form[data-save]");
const line = document.querySelector("[data-receipt]");
const clock = document.querySelector("[data-left]");

function keepTime() {
  let left = Number(clock.dataset.left);
  let at = performance.now();
  const show = () => {
    const seconds = left - (performance.now() - at) / 1000;
    const minutes = Math.ceil(seconds / 60);
    const words = clock.dataset;
    clock.textContent =
      seconds <= 0 ? words.over : minutes === 1 ? words.minutesOne : words.minutesMany.replace("{}", minutes);
  };
  setInterval(show, 10000);
  // The server's time counts: each receipt sets the clock anew.
  return (seconds) => {
    left = seconds;
    at = performance.now();
    show();
  };
}

const setTime = clock ? keepTime() : () => {};

function saver() {
  const queue = [];
  let sequence = Number(form.elements.sequence.value) - 1;
  let seen = Number(form.dataset.clock);
  let busy = false;
  let wait = 1000;
  let onwards = null;

  const say = (words) => {
    if (line.textContent !== words) line.textContent = words;
  };

  function step() {
    // What the line said was about an older answer.
    say(line.dataset.saving);
    const data = new FormData(form);
    data.set("sequence", String(++sequence));
    // The form's own next step must have a number of its own.
    form.elements.sequence.value = String(sequence + 1);
    // Should this have to be sent again, it says what was known when it was made.
    queue.push({ data, seen: seen++ });
    send();
  }

  async function send() {
    if (busy || !queue.length) return;
    busy = true;
    const next = queue[0];
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: next.data, credentials: "same-origin" });
      await read(answer);
    } catch {
      again(line.dataset.waiting);
    }
    busy = false;
    if (queue.length && wait === 1000) send();
  }

  async function read(answer) {
    const isJson = (answer.headers.get("content-type") || "").includes("json");
    if (answer.redirected || answer.status === 403) return again(line.dataset.signedOut);
    if (!isJson) return again(line.dataset.waiting);
    const receipt = await answer.json();
    queue.shift();
    wait = 1000;
    if (!answer.ok) return say(receipt.error);
    sequence = Math.max(sequence, receipt.sequence);
    form.elements.sequence.value = String(sequence + 1);
    seen = Math.max(seen, receipt.clock);
    if (receipt.left !== null) setTime(receipt.left);
    if (queue.length) return say(line.dataset.saving);
    say(`${line.dataset.saved} ${receipt.time}`);
    if (onwards) form.requestSubmit(onwards);
  }

  function again(words) {
    say(words);
    const { data, seen: known } = queue[0];
    data.set("seen", String(known));
    // Whoever signs in again in another tab has a new token.
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (token) data.set("csrfmiddlewaretoken", token[1]);
    setTimeout(send, wait);
    wait = Math.min(wait * 2, 30000);
  }

  form.addEventListener("change", step);
  window.addEventListener("online", send);
  // Whoever leaves with an answer that is not safe yet waits for it, or is asked.
  form.addEventListener("submit", (event) => {
    if (!queue.length) return;
    event.preventDefault();
    onwards = event.submitter;
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
}

if (form) saver();
