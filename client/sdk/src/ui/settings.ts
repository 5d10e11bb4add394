import type { CallMode, CallUiOptions, EngineView, SessionSnapshot } from '../engine/view.js';
import { h, iconButton, setAttribute, setShown } from './dom.js';
import { type CallStrings, fill } from './strings.js';

interface DeviceField {
  readonly row: HTMLElement;
  readonly select: HTMLSelectElement;
  drawn: string;
}

/** The button that opens a small panel: the layout, and which devices are used. */
export class SettingsMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly modes: HTMLFieldSetElement;
  private readonly microphone: DeviceField;
  private readonly camera: DeviceField;
  private readonly speaker: DeviceField;
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
    this.microphone = deviceField(strings.microphone, (id) => view.setAudioInputDevice(id));
    this.camera = deviceField(strings.camera, (id) => view.setVideoInputDevice(id));
    this.speaker = deviceField(strings.speaker, (id) => view.setAudioOutputDevice(id));
    this.panel = h(
      'div',
      { class: 'panel', role: 'dialog', 'aria-label': strings.settings },
      this.modes,
      this.microphone.row,
      this.camera.row,
      this.speaker.row,
    );
    this.element = h('div', { class: 'menu' }, this.button, this.panel);
    this.setOpen(false);
    this.closeFromOutside();
  }

  /** Draws a snapshot. */
  update({ mode, devices, local, isSettingsShown }: SessionSnapshot): void {
    if (isSettingsShown === this.panel.hidden) {
      this.setOpen(isSettingsShown);
    }
    const chosen = this.modes.querySelector<HTMLInputElement>(`input[value="${mode}"]`);
    if (chosen !== null) {
      chosen.checked = true;
    }
    this.drawDevices(this.microphone, devices.audioInputs, devices.audioInputId);
    this.drawDevices(this.camera, local.canSendVideo ? devices.videoInputs : [], devices.videoInputId);
    this.drawDevices(this.speaker, devices.audioOutputs, devices.audioOutputId);
  }

  /** Stops listening. */
  dispose(): void {
    this.listening.abort();
  }

  private setOpen(isOpen: boolean): void {
    setShown(this.panel, isOpen);
    setAttribute(this.button, 'aria-expanded', String(isOpen));
    if (isOpen) {
      this.panel.querySelector<HTMLElement>('input:checked, select')?.focus();
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

  private drawDevices(field: DeviceField, devices: readonly MediaDeviceInfo[], inUseId: string): void {
    setShown(field.row, devices.length > 0);
    const drawn = JSON.stringify(devices.map((device) => [device.deviceId, device.label]));
    if (drawn !== field.drawn) {
      field.drawn = drawn;
      const options = devices.map((device, index) =>
        h('option', { value: device.deviceId }, device.label || fill(this.strings.device, { number: index + 1 })),
      );
      field.select.replaceChildren(...options);
    }
    if (field.select.value !== inUseId && devices.some((device) => device.deviceId === inUseId)) {
      field.select.value = inUseId;
    }
  }
}

function deviceField(label: string, onChoose: (deviceId: string) => Promise<void>): DeviceField {
  const select = h('select');
  select.addEventListener('change', () => void onChoose(select.value));
  return { row: h('label', { class: 'device' }, label, select), select, drawn: '' };
}
