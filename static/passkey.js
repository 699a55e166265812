/* Passkeys on the pages of staff. Without this script, or where a browser has none, the forms stay hidden and everybody
   signs in by password and code. Nothing is fetched: what the authenticator says goes out with the form. */
"use strict";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const makes = form.dataset.passkey === "make";
  const read = makes ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  if (!window.PublicKeyCredential || !PublicKeyCredential[read]) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const publicKey = PublicKeyCredential[read](JSON.parse(form.dataset.options));
    try {
      const shown = makes ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
      form.elements.answer.value = JSON.stringify(shown.toJSON());
      form.submit();
    } catch {
      form.querySelector("[data-failed]").hidden = false;
    }
  });
}
