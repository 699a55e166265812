/* No signal: keep the page, try again on a tap. */
(() => {
  const form = document.querySelector("form"), box = document.getElementById("unsent");
  let button, busy, plain;
  if (!form.requestSubmit) return;
  form.onsubmit = async (event) => {
    if (plain) return;
    event.preventDefault();
    if (busy) return;
    busy = 1;
    button = event.submitter;
    const words = button.textContent, body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    button.textContent = box.dataset.wait;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 3e4);
    try {
      const sent = await fetch(form.action, { method: "POST", body, signal: stop.signal });
      plain = !sent.redirected;
      if (plain) form.requestSubmit(button);
      else location = sent.url;
    } catch {
      box.hidden = false;
      box.focus();
    }
    button.textContent = words;
    busy = 0;
  };
  box.querySelector("button").onclick = () => form.requestSubmit(button);
})();
