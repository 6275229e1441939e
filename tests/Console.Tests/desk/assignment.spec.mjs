import pg from 'pg';
import { connection, expect, test } from '../console.mjs';

test('who is away is seen in the owner menu and in the team overview, where a supervisor sets how much somebody takes', async ({
  agent,
  colleague,
  customer,
}) => {
  const { page } = agent;
  // By the command bar.
  await colleague.page.keyboard.press('Control+k');
  await colleague.page.getByRole('combobox').fill('yourself away');
  await colleague.page.keyboard.press('Enter');
  await colleague.page.getByTestId('preferences-open').click();
  await expect(colleague.page.getByTestId('availability-since')).toContainText('Away for');

  await customer.writes('Is somebody there?');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await page.getByTestId('ticket-owner').click();
  await expect(page.getByRole('option', { name: colleague.name })).toContainText('Away for');
  await page.keyboard.press('Escape');

  await page.getByTestId('rail-team').click();
  const row = page.getByTestId('team-person').filter({ hasText: colleague.name });
  await expect(row).toHaveAttribute('data-available', 'false');
  await row.getByTestId('team-capacity').fill('5');
  await row.getByTestId('team-capacity').press('Enter');
  await expect(row).toContainText('/ 5');
  await row.getByRole('radio', { name: 'Available' }).click();
  await expect(colleague.page.getByTestId('availability-since')).toContainText('Available for');
  await row.getByTestId('team-capacity').fill('');
  await row.getByTestId('team-capacity').press('Enter');
  await expect(row).not.toContainText('/ 5');
});

test('a ticket goes to whoever is there, back when they stay away, and is taken back with one click; in Japanese for them', async ({
  agent,
  colleague,
  customer,
}) => {
  const { page } = agent;
  const word = `割り当て${customer.waId.slice(-6)}`;
  const me = await page.evaluate(() => fetch('/api/v1/me').then((answer) => answer.json()));

  // A rule for what holds this word, between the two of them.
  await page.getByTestId('rail-settings').click();
  await page.getByTestId('settings-assignment').click();
  await page.getByTestId('rule-add').click();
  await page.getByTestId('rule-name').fill('Two of us');
  await page.getByTestId('rule-add-condition').click();
  await page.getByTestId('condition-property').selectOption('message.lastText');
  await page.getByTestId('condition-operator').selectOption('contains');
  await page.getByTestId('rule-save').click();
  // What is not whole is not saved, and it is said.
  await expect(page.getByTestId('rule-dialog').getByRole('alert')).toBeVisible();
  await page.getByTestId('condition-values').fill(word);
  await page.getByTestId('rule-target').selectOption('people');
  await page.getByRole('checkbox', { name: me.agent.name }).check();
  await page.getByRole('checkbox', { name: colleague.name }).check();
  await page.getByTestId('rule-save').click();
  await expect(page.getByTestId('rule').filter({ hasText: 'Two of us' })).toBeVisible();

  try {
    const available = (who, is) => switchTo(who.page, is);
    await available(agent, false);
    await customer.writes(`${word}をお願いします`);
    await colleague.page.locator('[data-view=mine]').click();
    await expect(colleague.row(customer)).toBeVisible();
    await colleague.speaks('日本語');
    await colleague.row(customer).click();
    await expect(colleague.page.getByTestId('message-list')).toContainText('ルール「Two of us」');

    // She stays away: it goes to the other, and both are told.
    await available(agent, true);
    await available(colleague, false);
    await longerAway(colleague.email);
    const notice = colleague.page.getByTestId('notice');
    await expect(notice).toContainText('15分間離席していたため');
    await expect(colleague.page.getByTestId('ticket-owner')).toContainText(me.agent.name);
    await expect(page.getByTestId('notice')).toContainText(`${colleague.name} has been away`);
    await page.getByTestId('notice-close').click();
    await expect(page.getByTestId('notice')).toHaveCount(0);

    const taken = colleague.page.waitForResponse((answer) => answer.url().endsWith('/take-back'));
    await notice.getByTestId('notice-take-back').click();
    expect(await (await taken).json()).toEqual({ takenBack: 1, gone: 0 });
    await expect(colleague.page.getByTestId('ticket-owner')).toContainText(colleague.name);
    await expect(notice).toHaveCount(0);
    await colleague.speaks('English');
    await expect(colleague.page.getByTestId('message-list')).toContainText('Owner away');
  } finally {
    await page.getByRole('button', { name: 'Remove Two of us' }).click();
    await expect(page.getByTestId('rule').filter({ hasText: 'Two of us' })).toHaveCount(0);
  }
});

/** By the agent's own menu. */
async function switchTo(page, is) {
  await page.getByTestId('preferences-open').click();
  await page.getByTestId('availability-switch').getByRole('radio').nth(is ? 0 : 1).click();
  await expect(page.getByTestId('availability-switch').getByRole('radio').nth(is ? 0 : 1)).toBeChecked();
  await page.keyboard.press('Escape');
}

/** The product has no clock door: what was switched just now becomes twenty minutes old. */
async function longerAway(email) {
  const database = new pg.Client({ connectionString: connection().postgres });
  await database.connect();
  try {
    const { rowCount } = await database.query(
      `update threadkeep.agent_work w set since = w.since - interval '20 minutes'
       from threadkeep.agents a where a.account_id = w.account_id and a.id = w.agent_id and a.email = $1`,
      [email],
    );
    expect(rowCount).toBe(1);
  } finally {
    await database.end();
  }
}
