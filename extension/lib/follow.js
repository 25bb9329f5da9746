// Following a platform in this browser. What is known of it today is where news begins.

import {load, save} from './ext.js';
import {newsOf} from './news.js';
import {change} from './settings.js';

/** Follows a platform, or no longer does; gives the settings. Following switches notifications on. */
export async function follow(id, wanted, list) {
  const today = wanted ? newsOf({}, list.platforms, [id]).seen : {};
  await save('seen', {...(await load('seen', {})), ...today});
  return change(({followed, notify}) => {
    const others = followed.filter((other) => other !== id);
    return {followed: wanted ? [...others, id] : others, notify: wanted || notify};
  });
}
