import { type Browser, type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test';
import { type Look, sitBeforeCamera } from './camera.js';
import { mediaStats, type MediaStats, watchPeerConnections } from './media.js';

/** A browser window, and how its user looks before the camera. */
export interface PersonOptions extends BrowserContextOptions {
  readonly look?: Look;
  /** The size of that camera's picture. */
  readonly camera?: { readonly width: number; readonly height: number };
  /** Runs in the page before anything of its own; it refers to nothing outside of itself. */
  readonly beforeLoad?: () => void;
}

/** Somebody at a browser, doing what people do on the demo page. */
export class Person {
  private constructor(
    readonly uid: string,
    readonly name: string,
    readonly page: Page,
  ) {}

  /** Opens the page in a browser of their own and logs in as a demo user. */
  static async logIn(
    browser: Browser,
    address: string,
    uid: string,
    { look, camera, beforeLoad, ...options }: PersonOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await watchPeerConnections(page);
    if (look !== undefined) {
      await sitBeforeCamera(page, look, camera);
    }
    if (beforeLoad !== undefined) {
      await page.addInitScript(beforeLoad);
    }
    await page.goto(address);
    const entry = page.locator(`[data-uid="${uid}"] button`);
    const name = (await entry.locator('.person-name').textContent()) ?? uid;
    await entry.click();
    await expect(page.getByRole('searchbox')).toBeVisible();
    await expect(page.getByText('Reconnecting')).toBeHidden();
    return new Person(uid, name, page);
  }

  /** The button that says or is labelled so. */
  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Presses the call button beside a contact. */
  async calls(other: Person, kind: 'audio' | 'video' = 'video'): Promise<void> {
    const contact = this.page.locator(`[data-contact="${other.uid}"]`);
    await contact.getByTitle(kind === 'video' ? 'Video call' : 'Audio call').click();
  }

  /** Opens somebody's card; on a phone, it takes the whole screen. */
  async chooses(other: Person): Promise<void> {
    await this.page.locator(`[data-contact="${other.uid}"] .contact-main`).click();
  }

  async seesRinging(): Promise<void> {
    await expect(this.page.getByText('Ringing…')).toBeVisible();
  }

  async isRungBy(other: Person): Promise<void> {
    await expect(this.page.getByRole('alertdialog', { name: `${other.name} is calling` })).toBeVisible();
  }

  async isNotRung(): Promise<void> {
    await expect(this.page.getByRole('alertdialog')).toBeHidden();
  }

  async answers(): Promise<void> {
    await this.button('Answer').click();
  }

  async hangsUp(): Promise<void> {
    await this.button('Hang up').click();
  }

  /** The tile of somebody in the call. */
  tile(name: string): Locator {
    return this.page.getByRole('group', { name: new RegExp(`^${name}(,|$)`) });
  }

  async seesInCall(other: Person): Promise<void> {
    await expect(this.tile(other.name)).toBeVisible({ timeout: 15_000 });
  }

  /** The words on the screen that follows a call. */
  async reads(words: string | RegExp): Promise<void> {
    await expect(this.page.getByText(words)).toBeVisible();
  }

  async closesOver(): Promise<void> {
    await this.button('Close').click();
  }

  media(): Promise<MediaStats> {
    return mediaStats(this.page);
  }

  /** Resolves once remote video is decoded; with the moment, in milliseconds of the wall clock. */
  firstFrameAt(): Promise<number> {
    return this.page.evaluate(async () => {
      const deadline = Date.now() + 20_000;
      while (Date.now() < deadline) {
        for (const connection of window.peerConnections) {
          for (const stat of (await connection.getStats()).values() as Iterable<{ framesDecoded?: number }>) {
            if ((stat.framesDecoded ?? 0) > 0) {
              return Date.now();
            }
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error('no remote video was decoded within 20 s');
    });
  }

  async leaves(): Promise<void> {
    await this.page.context().close();
  }
}

/** Everybody ends what they are in and closes the window, so that nobody is busy in the next test. */
export async function everybodyLeaves(browser: Browser): Promise<void> {
  const end = async (page: Page) => {
    const button = page.getByRole('button', { name: /^(Hang up|Cancel)$/ });
    const over = page.getByRole('button', { name: 'Close', exact: true });
    // A page that has crashed cannot end anything.
    if (await button.isVisible().catch(() => false)) {
      await button.click({ timeout: 5000 }).catch(() => null);
      await over.waitFor({ timeout: 5000 }).catch(() => null);
    }
    await page.context().close();
  };
  await Promise.all(browser.contexts().flatMap((context) => context.pages().map(end)));
}
