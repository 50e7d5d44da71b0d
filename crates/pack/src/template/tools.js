((function () {
  "use strict";
  var entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  function entity(character) { return entities[character] || "&#" + character.charCodeAt(0) + ";"; }
  function escape(text) { return text.replace(/[&<>"']/g, entity); }
  // lodash's toString: other than JavaScript's for null, for lists with null in them, for symbols and -0.
  function part(value) {
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(part) + "";
    if (typeof value === "symbol") return String(value);
    var text = value + "";
    return text === "0" && 1 / value === -Infinity ? "-0" : text;
  }
  function toText(value) { return value === null || value === undefined ? "" : part(value); }
  function escaped(value) { return escape(toText(value)); }
  function unquoted(value) { return toText(value).replace(/[&<>"'\s]/g, entity); }
  function printed(isTrusted, escaping) {
    return function (value) {
      if (value === null || value === undefined) return "";
      var text = "" + value;
      return typeof isTrusted === "function" && isTrusted(text) ? text : escaping(text);
    };
  }
  function isOurs(name) { return typeof name === "string" && name.indexOf("__deskbell") === 0; }
  // A setting of our names must not stand before ours; then, and only then, it is hidden.
  function scope(settings) {
    settings = Object(settings);
    var ours = ["", "_p", "_e", "_i", "_ue", "_ui"];
    if (!ours.some(function (end) { return "__deskbell" + end in settings; })) return settings;
    return new Proxy(settings, { has: function (target, name) { return !isOurs(name) && name in target; } });
  }
  function isListLike(value) {
    if (value === null || value === undefined || typeof value === "function") return false;
    var length = value.length;
    return typeof length === "number" && length > -1 && length % 1 === 0 && length <= 9007199254740991;
  }
  function keys(value) {
    if (value === null || value === undefined) return [];
    if (!isListLike(value)) return Object.keys(Object(value));
    var names = [];
    for (var at = 0; at < value.length; at += 1) names.push(String(at));
    return names.concat(Object.keys(Object(value)).filter(function (name) {
      return String(name >>> 0) !== name || name >>> 0 >= value.length;
    }));
  }
  function visitor(wanted) {
    if (typeof wanted === "function") return wanted;
    if (wanted === null || wanted === undefined) return function (value) { return value; };
    var path = String(wanted).split(".");
    return function (value) {
      return path.reduce(function (at, name) {
        return at === null || at === undefined ? undefined : at[name];
      }, value);
    };
  }
  // Every member in order, until `visit` says false.
  function each(collection, wanted) {
    if (collection === null || collection === undefined) return collection;
    var visit = visitor(wanted), members = Object(collection), at, names, length;
    if (isListLike(collection)) {
      for (at = 0, length = collection.length; at < length; at += 1) {
        if (visit(members[at], at, collection) === false) break;
      }
    } else {
      for (at = 0, names = keys(collection); at < names.length; at += 1) {
        if (visit(members[names[at]], names[at], collection) === false) break;
      }
    }
    return collection;
  }
  function map(collection, wanted) {
    var made = [], visit = visitor(wanted);
    each(collection, function (value, key, whole) { made.push(visit(value, key, whole)); });
    return made;
  }
  function filter(collection, wanted) {
    var kept = [], visit = visitor(wanted);
    each(collection, function (value, key, whole) { if (visit(value, key, whole)) kept.push(value); });
    return kept;
  }
  function values(collection) { return keys(collection).map(function (name) { return collection[name]; }); }
  function size(collection) {
    if (collection === null || collection === undefined) return 0;
    return isListLike(collection) ? collection.length : Object.keys(Object(collection)).length;
  }
  function isEmpty(value) { return size(value) === 0; }
  var small = {
    escape: escaped, each: each, forEach: each, map: map, filter: filter,
    keys: keys, values: values, size: size, isEmpty: isEmpty
  };
  function lodash() {
    var own = globalThis._;
    return typeof own === "function" && typeof own.escape === "function" ? own : small;
  }
  return { escaped: escaped, unquoted: unquoted, printed: printed, scope: scope, lodash: lodash };
})());
