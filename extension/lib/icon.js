// The toolbar icon: the shape of the state, drawn when needed.

import {face, path} from './badge.js';

const SIZES = [16, 32];

/** Image data of a state's shape for each size; a stale one is drawn hollow. */
export function draw(state, stale) {
  const {shape, colour} = face(state);
  const images = {};
  for (const size of SIZES) {
    const canvas = new OffscreenCanvas(size, size);
    const pen = canvas.getContext('2d');
    pen.scale(size / 16, size / 16);
    const outline = new Path2D(path(shape));
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.lineJoin = 'round';
    if (stale) {
      pen.clip(outline);
      pen.stroke(outline);
    } else {
      pen.fill(outline);
    }
    images[size] = pen.getImageData(0, 0, size, size);
  }
  return images;
}
