import type { EngineView, SessionSnapshot } from '../engine/view.js';
import { h, setShown } from './dom.js';
import { LevelMeter } from './level-meter.js';
import { type CallStrings, fill } from './strings.js';

interface DeviceField {
  readonly row: HTMLElement;
  readonly select: HTMLSelectElement;
  drawn: string;
}

/** Which camera, microphone and speaker are used, with the microphone's level. */
export class DeviceFields {
  readonly element: HTMLElement;
  private readonly camera: DeviceField;
  private readonly microphone: DeviceField;
  private readonly speaker: DeviceField;
  private readonly meter: LevelMeter;
  private readonly level: HTMLElement;
  private readonly silence: HTMLElement;

  constructor(
    view: EngineView,
    private readonly strings: CallStrings,
  ) {
    this.camera = deviceField(strings.camera, (id) => view.setVideoInputDevice(id));
    this.microphone = deviceField(strings.microphone, (id) => view.setAudioInputDevice(id));
    this.speaker = deviceField(strings.speaker, (id) => view.setAudioOutputDevice(id));
    this.meter = new LevelMeter(strings.level);
    this.silence = h('span', { class: 'note' }, strings.levelMuted);
    this.level = h('div', { class: 'level' }, this.meter.element, this.silence);
    this.element = h('div', { class: 'devices' }, this.camera.row, this.microphone.row, this.level, this.speaker.row);
  }

  /** Draws a snapshot. */
  update({ devices, local, isAudioOnly }: SessionSnapshot): void {
    this.drawDevices(this.camera, isAudioOnly ? [] : devices.videoInputs, devices.videoInputId);
    this.drawDevices(this.microphone, devices.audioInputs, devices.audioInputId);
    this.drawDevices(this.speaker, devices.audioOutputs, devices.audioOutputId);
    const isHeard = !local.isAudioMuted;
    this.meter.listen(isHeard ? local.microphone : null);
    setShown(this.level, local.hasMicrophone);
    setShown(this.meter.element, isHeard);
    setShown(this.silence, !isHeard);
  }

  /** Stops listening to the microphone; {@link update} begins again. */
  rest(): void {
    this.meter.stop();
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
