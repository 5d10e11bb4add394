import type { Page } from '@playwright/test';

/** How somebody looks before the illustrated camera; colours are CSS colours. */
export interface Look {
  readonly wall: string;
  readonly floor: string;
  readonly shirt: string;
  readonly skin: string;
  readonly hair: string;
  readonly cut: 'long' | 'short' | 'bun' | 'curls';
}

/** The cast of the pictures, by uid. */
export const LOOKS: readonly Look[] = [
  { wall: '#e9d8c3', floor: '#d9bfa0', shirt: '#2f6f64', skin: '#f0c8a8', hair: '#6b4026', cut: 'long' },
  { wall: '#c9d8de', floor: '#a9bec7', shirt: '#d98e4a', skin: '#7d4f35', hair: '#231a17', cut: 'curls' },
  { wall: '#dfd3e6', floor: '#c3b1cf', shirt: '#7b4a8c', skin: '#e8b894', hair: '#b8863b', cut: 'bun' },
  { wall: '#d5e3cf', floor: '#b4cba9', shirt: '#34506e', skin: '#edc9a0', hair: '#1d1b1f', cut: 'short' },
  { wall: '#f0d9d2', floor: '#dcb9ad', shirt: '#b4483f', skin: '#d9a57c', hair: '#34231d', cut: 'long' },
  { wall: '#d3dbe8', floor: '#b3c0d6', shirt: '#4a6b3f', skin: '#c48f66', hair: '#2b2320', cut: 'short' },
];

/**
 * A drawn person who moves a little, as a camera would see them. It is also sent into pages as text, so it refers to
 * nothing outside of itself.
 */
export function illustratedCamera(look: Look, width = 960, height = 540, framesPerSecond = 15): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  const unit = height / 540;

  const oval = (x: number, y: number, radiusX: number, radiusY: number, colour: string) => {
    context.fillStyle = colour;
    context.beginPath();
    context.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
    context.fill();
  };
  const box = (x: number, y: number, w: number, h: number, radius: number, colour: string) => {
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(x, y, w, h, radius);
    context.fill();
  };

  const room = () => {
    box(0, 0, 960, 540, 0, look.wall);
    const light = context.createRadialGradient(200, 120, 40, 300, 200, 700);
    light.addColorStop(0, '#ffffffa0');
    light.addColorStop(1, '#ffffff00');
    context.fillStyle = light;
    context.fillRect(0, 0, 960, 540);
    box(70, 60, 190, 240, 10, '#ffffffd0');
    box(82, 72, 80, 104, 4, '#bfe0ea');
    box(170, 72, 78, 104, 4, '#cde8ee');
    box(82, 184, 80, 104, 4, '#a9cfa6');
    box(170, 184, 78, 104, 4, '#b6d8ae');
    box(690, 120, 220, 14, 4, look.floor);
    for (const [index, colour] of ['#b4483f', '#e0b25a', '#3f7f86', '#6b5a8c', '#d9d2c4', '#48684a'].entries()) {
      box(704 + index * 26, 58 + (index % 3) * 8, 20, 62 - (index % 3) * 8, 3, colour);
    }
    box(868, 86, 30, 34, 6, '#c9754c');
    oval(876, 70, 8, 24, '#4f8358');
    oval(890, 66, 8, 26, '#5d9465');
    box(0, 470, 960, 70, 0, look.floor);
  };

  const person = (seconds: number) => {
    const sway = Math.sin(seconds * 0.9) * 7;
    const nod = Math.sin(seconds * 1.7) * 3;
    const x = 480 + sway;
    const y = 226 + nod;
    const back: Record<Look['cut'], () => void> = {
      long: () => box(x - 112, y - 96, 224, 300, 104, look.hair),
      bun: () => oval(x, y - 128, 50, 46, look.hair),
      curls: () =>
        [-84, -44, 0, 44, 84].forEach((dx, index) =>
          oval(x + dx, y - 78 - [0, 32, 44, 32, 0][index]!, 46, 46, look.hair),
        ),
      short: () => oval(x, y - 34, 102, 104, look.hair),
    };
    back[look.cut]();
    box(x - 42, y + 70, 84, 110, 30, look.skin);
    context.fillStyle = '#00000018';
    context.beginPath();
    context.ellipse(x, y + 102, 40, 22, 0, 0, Math.PI);
    context.fill();
    box(480 + sway * 0.5 - 190, y + 142, 380, 320, 120, look.shirt);
    oval(x, y + 146, 50, 26, look.skin);
    oval(x - 90, y + 8, 16, 24, look.skin);
    oval(x + 90, y + 8, 16, 24, look.skin);
    oval(x, y, 90, 108, look.skin);
    context.fillStyle = look.hair;
    context.beginPath();
    context.ellipse(x, y - 52, 93, 64, 0, Math.PI * 0.98, Math.PI * 2.02);
    context.quadraticCurveTo(x + 44, y - 78, x - 10, y - 74);
    context.quadraticCurveTo(x - 70, y - 66, x - 92, y - 44);
    context.fill();
    const isBlinking = seconds % 4 < 0.14;
    for (const side of [-1, 1]) {
      oval(x + side * 34, y + 2, 9, isBlinking ? 1.5 : 10, '#2a2320');
      box(x + side * 34 - 17, y - 24, 34, 6, 3, look.hair);
      oval(x + side * 52, y + 34, 16, 10, '#e0605022');
    }
    const speaks = (Math.sin(seconds * 7) + Math.sin(seconds * 4.3)) / 2;
    context.fillStyle = '#8c3b36';
    context.beginPath();
    context.ellipse(x, y + 48, 30, 10 + 7 * Math.max(0, speaks), 0, 0, Math.PI);
    context.fill();
    context.strokeStyle = '#00000030';
    context.lineWidth = 4;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(x, y + 8);
    context.quadraticCurveTo(x + 9, y + 26, x - 3, y + 27);
    context.stroke();
  };

  const draw = () => {
    context.setTransform(unit, 0, 0, unit, (width - 960 * unit) / 2, 0);
    room();
    person(performance.now() / 1000);
  };
  draw();
  setInterval(draw, 1000 / framesPerSecond);
  return canvas.captureStream(framesPerSecond);
}

/** Puts somebody before the page's camera. The microphone stays Chromium's fake one. */
export async function sitBeforeCamera(page: Page, look: Look, { width = 960, height = 540 } = {}): Promise<void> {
  await page.addInitScript({
    content: `{
      const camera = ${illustratedCamera.toString()};
      const devices = navigator.mediaDevices;
      const open = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        const stream = await open(constraints);
        for (const track of stream.getVideoTracks()) {
          track.stop();
          stream.removeTrack(track);
          stream.addTrack(camera(${JSON.stringify(look)}, ${width}, ${height}).getVideoTracks()[0]);
        }
        return stream;
      };
    }`,
  });
}
