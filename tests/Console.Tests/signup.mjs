import { connection } from './console.mjs';

/** The pop-up that plays Meta, up to the number; what it says of the number is the Sandbox's own question. */
export async function atNumber(dialog, { name, number, trouble = '' }) {
  const next = () => dialog.getByTestId('dialog-next').click();
  await next(); // log in
  await next(); // get started
  await next(); // permissions
  await next(); // the business that is there
  await dialog.getByTestId('dialog-new').check();
  await dialog.getByTestId('dialog-name').fill(`${name} account`);
  await next();
  await next(); // to step 2
  await dialog.getByTestId('dialog-name').fill(name);
  await next();
  await dialog.getByTestId('dialog-phoneNumber').fill(number);
  await dialog.getByTestId('dialog-trouble').selectOption(trouble);
  await next();
}

export const newNumber = () => `+81 3 ${String(Date.now()).slice(-8)}`;

/** From the page that connects: the pop-up. */
export async function openWindow(page) {
  await page.getByTestId('connect-notice').check();
  const opening = page.waitForEvent('popup');
  await page.getByTestId('continue-with-whatsapp').click();
  return opening;
}

export async function begin(page) {
  await page.goto(`${connection().console}/settings/channels`);
  await page.getByTestId('connect-channel').first().click();
  return openWindow(page);
}

/** The rest of the way: the code that the pop-up says it has sent, and its last page. It closes by itself. */
export async function withCode(dialog) {
  await dialog.getByTestId('dialog-code').fill(await dialog.getByTestId('dialog-code-sent').textContent());
  await dialog.getByTestId('dialog-next').click();
  const closed = dialog.waitForEvent('close');
  await dialog.getByTestId('dialog-next').click();
  await closed;
}
