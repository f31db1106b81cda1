/* Making elements: text only ever goes in as text. */
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const drawn = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => {
    if (value !== null) made.setAttribute(name, typeof value === "number" ? Math.round(value * 10) / 10 : value);
  });
  made.append(...children);
  return made;
};

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
