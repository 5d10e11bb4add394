import type { CallMode, CallUiOptions, EngineView, SessionSnapshot } from '../engine/view.js';
import { DeviceFields } from './device-fields.js';
import { h, iconButton, setAttribute, setShown } from './dom.js';
import { Mirror } from './mirror.js';
import type { CallStrings } from './strings.js';

/** The button that opens a small panel: the layout, and which devices are used. */
export class SettingsMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly modes: HTMLFieldSetElement;
  private readonly mirror: Mirror;
  private readonly devices: DeviceFields;
  private readonly listening = new AbortController();

  constructor(
    private readonly view: EngineView,
    options: CallUiOptions,
    private readonly strings: CallStrings,
  ) {
    this.button = iconButton('settings', strings.settings, () => view.showSettings(!view.snapshot.isSettingsShown));
    this.button.dataset.control = 'settings';
    this.modes = this.modeFields();
    setShown(this.modes, options.showModeButton);
    this.mirror = new Mirror(strings);
    this.devices = new DeviceFields(view, strings);
    this.panel = h(
      'div',
      { class: 'panel', role: 'dialog', 'aria-label': strings.settings },
      this.mirror.element,
      this.devices.element,
      this.modes,
    );
    this.element = h('div', { class: 'menu' }, this.button, this.panel);
    this.setOpen(false);
    this.closeFromOutside();
  }

  /** Draws a snapshot. */
  update(snapshot: SessionSnapshot): void {
    const { mode, isSettingsShown } = snapshot;
    if (isSettingsShown === this.panel.hidden) {
      this.setOpen(isSettingsShown);
    }
    const chosen = this.modes.querySelector<HTMLInputElement>(`input[value="${mode}"]`);
    if (chosen !== null) {
      chosen.checked = true;
    }
    if (isSettingsShown) {
      this.mirror.update(snapshot);
      setShown(this.mirror.element, !snapshot.isAudioOnly);
      this.devices.update(snapshot);
    } else {
      this.rest();
    }
  }

  /** Stops listening. */
  dispose(): void {
    this.listening.abort();
    this.rest();
  }

  /** Picture and level cost something, so they are there only while somebody looks. */
  private rest(): void {
    this.mirror.rest();
    this.devices.rest();
  }

  private setOpen(isOpen: boolean): void {
    setShown(this.panel, isOpen);
    setAttribute(this.button, 'aria-expanded', String(isOpen));
    if (isOpen) {
      this.panel.querySelector<HTMLElement>('select, input:checked')?.focus();
    }
  }

  private closeFromOutside(): void {
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.panel.hidden) {
        event.stopPropagation();
        this.view.showSettings(false);
        this.setOpen(false);
        this.button.focus();
      }
    });
    const { signal } = this.listening;
    document.addEventListener(
      'pointerdown',
      (event) => {
        if (!this.panel.hidden && !event.composedPath().includes(this.element)) {
          this.view.showSettings(false);
        }
      },
      { signal },
    );
  }

  private modeFields(): HTMLFieldSetElement {
    const { strings } = this;
    const words: Record<CallMode, string> = {
      DEFAULT: strings.layoutDefault,
      TILE: strings.layoutTile,
      SIDEBAR: strings.layoutSidebar,
      SPOTLIGHT: strings.layoutSpotlight,
    };
    const fields = h('fieldset', {}, h('legend', {}, strings.layout));
    for (const [mode, word] of Object.entries(words)) {
      const input = h('input', { type: 'radio', name: 'mode', value: mode });
      input.addEventListener('change', () => {
        this.view.buttonPressed('layout');
        this.view.setMode(mode as CallMode);
      });
      fields.append(h('label', {}, input, word));
    }
    return fields;
  }
}
