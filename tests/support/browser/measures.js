// What is measured on a page, by tests alone. Each function returns the elements at fault, as the page has them.
(() => {
const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex], [contenteditable]';
const ASKING = '[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]';
const seen = element => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
const named = element => element.outerHTML.slice(0, 200).replace(/\s+/g, ' ');
const all = (wanted, root = document) => [...root.querySelectorAll(wanted)];
// Asks without being pressed: every ten seconds, at an event of the page.
const byItself = element => element.hasAttribute('hx-trigger')
  && !/click|mouse|key|press|submit|change|input/.test(element.getAttribute('hx-trigger'));

// What makes the page scroll sideways. What scrolls within a box of its own, such as a table, takes no more room.
const wide = () => {
  const root = document.scrollingElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  const boxed = element => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== 'visible') return true;
    return false;
  };
  const reach = each => each.getBoundingClientRect().left + Math.max(each.offsetWidth ?? 0, each.scrollWidth);
  const out = all('body *').filter(each => reach(each) > width + 1 && !boxed(each));
  return [`${root.scrollWidth} pixels in ${width}`, ...out.map(named)];
};

// WCAG 2.5.8 lets a link in a sentence be as high as its line; a box to tick is touched by its words too.
const small = least => {
  const inText = element => element.tagName === 'A' && getComputedStyle(element).display === 'inline'
    && [...element.parentElement.childNodes].some(node => node.nodeType === 3 && node.textContent.trim().length > 1);
  const touched = element => {
    const rects = [element, ...(element.labels ?? [])].filter(seen).map(each => each.getBoundingClientRect());
    return [Math.max(...rects.map(rect => rect.width)), Math.max(...rects.map(rect => rect.height))];
  };
  return all('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]')
    .filter(seen).filter(each => !inText(each))
    .filter(each => Math.min(...touched(each)) < least - 0.5)
    .map(each => `${touched(each).map(size => size.toFixed(1)).join(' x ')}: ${named(each)}`);
};

// Where Tab is to stop, in their order. All radios of a group are one stop: arrows choose.
const stops = () => {
  const groups = new Set();
  return all(CONTROLS).filter(seen).filter(element => {
    if (element.disabled || element.tabIndex < 0 || element.closest('[inert], fieldset:disabled')) return false;
    if (element.type !== 'radio') return true;
    const group = `${[...document.forms].indexOf(element.form)}/${element.name}`;
    return !groups.has(group) && groups.add(group);
  }).map((element, place) => (element.linliPlace = place, named(element)));
};

// Where Tab has stopped, and whether that is to be seen; null beyond the page.
const stop = () => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const group = at.type === 'radio' ? all('input[type=radio]').filter(
    each => each.form === at.form && each.name === at.name) : [at];
  const style = getComputedStyle(at), rect = at.getBoundingClientRect();
  return {
    place: (group.find(each => each.linliPlace !== undefined) ?? at).linliPlace ?? -1,
    shown: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none',
    there: rect.bottom > 0 && rect.right > 0 && rect.top < innerHeight && rect.left < innerWidth,
    html: named(at),
  };
};

// What asks when it is pressed, and cannot be pressed by a key.
const mouseAlone = () => all(`${ASKING}, [onclick], [role=button], [role=link]`).filter(seen)
  .filter(each => !byItself(each) && !each.matches(`${CONTROLS}, form`)).map(named);

const moving = () => [
  ...document.getAnimations().filter(each => each.playState === 'running').map(each => each.effect?.target),
  ...all('marquee, blink, video[autoplay], animate, animateTransform, animateMotion'),
].filter(Boolean).map(named);

// Marks of a state that say nothing to a person who sees no colours, or does not see.
const mute = () => all('[data-state], .badge, .state').filter(seen).filter(element => {
  const words = [element.textContent, element.getAttribute('aria-label'), element.querySelector('title')?.textContent];
  return !/[\p{L}\p{N}]/u.test(words.join(' '));
}).map(named);

// Forms that nothing sends, and controls that nothing answers, where no script runs.
const needsScript = () => [
  ...[...document.forms].filter(form => ![...form.elements].some(each => ['submit', 'image'].includes(each.type))),
  ...all('a[href=""], a[href="#"], a[href^="javascript:"], [onsubmit], [onclick]'),
  ...all(ASKING).filter(each => !each.closest('form') && !each.matches('a[href]') && !byItself(each)),
].map(named);

window.linliMeasures = {wide, small, stops, stop, mouseAlone, moving, mute, needsScript};
})()
