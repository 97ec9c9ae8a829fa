'use strict';
(() => {
  const byId = id => document.getElementById(id);
  const make = (name, className, ...children) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children.filter(child => child !== null && child !== undefined));
    return element;
  };
  const button = (className, text, act) => {
    const element = make('button', className, text);
    element.type = 'button';
    element.addEventListener('click', act);
    return element;
  };
  const number = value => value.toLocaleString('en');
  const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
  const index = JSON.parse(byId('index').textContent);
  const { plugins, homes } = index;
  homes.forEach((home, place) => {
    home.place = place;
    home.text = `${home.computer} ${home.user} ${home.home} ${home.os}`.toLowerCase();
    home.cellOf = new Map(home.cells.map(cell => [cell[0], cell]));
  });
  const state = { words: [], status: '', plugin: -1, differing: false };

  const STATUS = { InSync: ['good', 'In sync', '\u2713'], Drifted: ['bad', 'Differs', '\u2260'], Unknown: ['unknown', 'Unknown', '?'] };
  const MARKS = { same: ['same', ''], bad: ['bad', '\u2260'], warn: ['warn', '!'], unknown: ['unknown', '?'] };
  const isDiffering = cell => cell && cell[2] !== 'same';
  const differences = plugins.map((_, place) => homes.filter(home => isDiffering(home.cellOf.get(place))).length);
  const markOf = (kind, text, title) => {
    const [className, sign] = MARKS[kind];
    const mark = make('span', `mark ${className}`, sign ? make('b', '', sign) : null, make('span', '', text));
    if (title) mark.title = title;
    return mark;
  };

  // ---- what is shown ----

  const matches = home => (!state.status || home.status === state.status)
    && (state.plugin < 0 || isDiffering(home.cellOf.get(state.plugin)))
    && state.words.every(word => home.text.includes(word) || plugins.some((id, place) => id.toLowerCase().includes(word) && home.cellOf.has(place)));
  const columns = () => plugins.map((_, place) => place).filter(place => (!state.differing || differences[place] > 0)
    && (state.plugin < 0 || place === state.plugin)
    && (state.words.length === 0 || !state.words.some(word => plugins.some(id => id.toLowerCase().includes(word)))
      || state.words.some(word => plugins[place].toLowerCase().includes(word))));

  const cellOf = (home, place) => {
    const cell = home.cellOf.get(place);
    if (!cell) return make('td', '', make('span', 'mark none', home.status === 'Unknown' && home.cells.length === 0 ? '' : '\u2013'));
    return make('td', '', markOf(cell[2], cell[1], cell[3]));
  };
  const rowOf = (home, shown) => {
    const [className, label, sign] = STATUS[home.status];
    const open = button('', home.computer, () => openMachine(home));
    const who = [home.user, index.homesDiffer ? home.home : ''].filter(Boolean).join(' \u00B7 ');
    const heading = make('th', '', open, who ? make('small', '', who) : null);
    heading.scope = 'row';
    // What no column of a plugin shows.
    const others = [...new Set(home.drift.filter(found => found.mark !== 'same' && !plugins.includes(found.subject)).map(found => found.kind))].join(', ');
    const status = make('td', '', make('span', `mark ${className}`, make('b', '', sign), make('span', '', label)), others ? make('small', '', others) : null);
    return make('tr', '', heading, status, ...shown.map(place => cellOf(home, place)));
  };
  const headOf = shown => {
    const cells = [['Machine', ''], ['Status', ''], ...shown.map(place => plugins[place].split('@'))].map(([name, market]) => {
      const cell = make('th', '', make('span', '', name), market ? make('small', '', `@${market}`) : null);
      cell.scope = 'col';
      cell.title = market ? `${name}@${market}` : '';
      return cell;
    });
    return make('tr', '', ...cells);
  };

  const show = () => {
    const shown = columns();
    const found = homes.filter(matches);
    byId('head').replaceChildren(headOf(shown));
    byId('rows').replaceChildren(...found.map(home => rowOf(home, shown)));
    byId('status').textContent = `${found.length === homes.length ? plural(homes.length, 'machine', 'machines') : `${number(found.length)} of ${plural(homes.length, 'machine', 'machines')}`}, ${shown.length === plugins.length ? plural(plugins.length, 'plugin', 'plugins') : `${number(shown.length)} of ${plural(plugins.length, 'plugin', 'plugins')}`}`;
    byId('empty').hidden = found.length > 0;
    byId('fleet').hidden = found.length === 0;
    byId('clear').hidden = state.words.length === 0 && !state.status && state.plugin < 0 && !state.differing;
    for (const control of document.querySelectorAll('[data-status]')) control.setAttribute('aria-pressed', String(control.dataset.status === state.status));
    for (const control of document.querySelectorAll('[data-plugin]')) control.setAttribute('aria-pressed', String(Number(control.dataset.plugin) === state.plugin));
  };

  // ---- numbers and causes ----

  const numberOf = (status, className, label, count) => {
    const control = button(className, '', () => { state.status = state.status === status ? '' : status; show(); });
    control.dataset.status = status;
    control.append(make('strong', '', number(count)), make('span', '', label));
    return control;
  };
  const count = status => homes.filter(home => home.status === status).length;
  byId('numbers').append(numberOf('', '', plural(homes.length, 'machine', 'machines').replace(/^\S+ /, ''), homes.length), numberOf('InSync', 'good', 'in sync', count('InSync')), numberOf('Drifted', 'bad', 'differ', count('Drifted')), numberOf('Unknown', 'unknown', 'unknown', count('Unknown')));
  const causes = differences.map((much, place) => [much, place]).filter(([much]) => much > 0).sort((a, b) => b[0] - a[0] || a[1] - b[1]).slice(0, 12);
  if (causes.length > 0) {
    byId('causes').append(make('h2', '', 'What differs'), ...causes.map(([much, place]) => {
      const control = button('', plugins[place], () => { state.plugin = state.plugin === place ? -1 : place; show(); });
      control.append(make('small', '', number(much)));
      control.dataset.plugin = String(place);
      return control;
    }));
  }

  // ---- one machine ----

  const dialog = byId('machine');
  const openMachine = home => {
    const heading = make('h2', '', home.computer);
    heading.id = 'machine-title';
    heading.tabIndex = -1;
    const close = button('quiet', 'Close', () => dialog.close());
    const facts = [['Status', STATUS[home.status][1]], ['Account', home.user], ['Home', home.home], ['System', home.os], ['State', home.state], ['Tool', home.tool], ['Codex', home.codex], ['Reported', home.on], ['Problem', home.problem]].filter(([, value]) => value);
    const findings = home.drift.map(one => make('div', 'finding',
      make('span', `mark ${one.mark}`, make('b', '', one.kind)), ' ', make('strong', '', one.subject),
      make('p', '', 'Expected ', make('code', '', one.expected || 'nothing'), ', found ', make('code', '', one.actual || 'nothing'), '.'),
      one.remedy ? make('p', 'remedy', one.remedy) : null));
    const table = make('table', 'plugins', make('tbody', '', ...home.cells.map(cell => make('tr', '', make('th', '', plugins[cell[0]]), make('td', '', markOf(cell[2], cell[1], cell[3])), make('td', '', cell[3] || '')))));
    dialog.replaceChildren(make('header', '', heading, close),
      make('section', '', make('dl', '', ...facts.flatMap(([name, value]) => [make('dt', '', name), make('dd', '', value)]))),
      findings.length > 0 ? make('section', '', make('h3', '', plural(findings.length, 'difference', 'differences')), ...findings) : make('section', '', make('p', '', home.status === 'InSync' ? 'Nothing differs.' : 'Nothing more is known.')),
      home.cells.length > 0 ? make('section', '', make('h3', '', plural(home.cells.length, 'plugin', 'plugins')), table) : '');
    dialog.showModal();
    heading.focus();
  };
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });

  // ---- filters, keys, theme ----

  const search = byId('search');
  search.addEventListener('input', () => { state.words = search.value.toLowerCase().split(/\s+/).filter(Boolean); show(); });
  byId('differing').addEventListener('change', event => { state.differing = event.target.checked; show(); });
  byId('clear').addEventListener('click', () => {
    Object.assign(state, { words: [], status: '', plugin: -1, differing: false });
    search.value = '';
    byId('differing').checked = false;
    show();
    search.focus();
  });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !dialog.open && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
  const themes = ['system', 'light', 'dark'];
  const remembered = () => { try { return localStorage.getItem('pluginmarket-theme'); } catch { return null; } };
  const setTheme = name => {
    if (name === 'system') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = name;
    byId('theme').textContent = `Theme: ${name}`;
    try { localStorage.setItem('pluginmarket-theme', name); } catch { /* A page from a file may have no storage: the choice lasts as long as the page. */ }
  };
  let theme = themes.includes(remembered()) ? remembered() : 'system';
  setTheme(theme);
  byId('theme').addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    setTheme(theme);
  });

  byId('subtitle').textContent = index.comparedWith ? `Compared with ${index.comparedWith}` : 'Compared with what most machines have';
  byId('legend').append(...[['bad', 'differs'], ['warn', 'worth a check'], ['unknown', 'nobody can tell']].map(([kind, text]) => make('li', '', markOf(kind, text))), make('li', '', '\u2013 not there'));
  byId('colophon').textContent = `Written ${index.written} by PluginMarket. This file is complete in itself: it loads nothing.`;
  show();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
