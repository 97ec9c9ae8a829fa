'use strict';
// Everything shown comes from the JSON in this page and goes into text nodes and checked attributes; the policy forbids the rest.
(() => {
  const index = JSON.parse(document.getElementById('index').textContent);
  const byId = id => document.getElementById(id);
  const CHUNK = 60;
  const FEW = 8;

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    for (const child of children) if (child !== null && child !== undefined && child !== '') element.append(child);
    return element;
  };
  const button = (className, text, action) => {
    const element = make('button', className, text);
    element.type = 'button';
    element.addEventListener('click', action);
    return element;
  };
  const plural = (count, one, many) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

  // Pictures and details stand behind this script, so that the list can be used while they are still read.
  const whenRead = action => document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', action, { once: true }) : action();
  const pictureOf = number => {
    const text = byId(`picture-${number}`)?.textContent ?? '';
    return /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(text) ? text : null;
  };
  const isColor = text => /^#[0-9a-f]{6}$/.test(text ?? '');

  const COMPONENTS = { Skill: ['Skills', 'skill', 'skills'], App: ['Apps', 'app', 'apps'], McpServer: ['MCP servers', 'MCP server', 'MCP servers'], Hook: ['Hooks', 'hook', 'hooks'], Command: ['Commands', 'command', 'commands'] };
  const POLICIES = { AVAILABLE: 'Available', INSTALLED_BY_DEFAULT: 'Installed by default', NOT_AVAILABLE: 'Not available', SKIPPED: 'Cannot be used' };
  const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

  const seen = new Map();
  const plugins = index.plugins.map((plugin, number) => {
    const title = plugin.title || plugin.name || '(an entry without a name)';
    const repeat = (seen.get(plugin.id) ?? 0) + 1;
    seen.set(plugin.id, repeat);
    const summary = plugin.summary ?? '';
    return {
      ...plugin, number, title, summary,
      reason: plugin.reason ? plugin.reason[0].toUpperCase() + plugin.reason.slice(1) : undefined,
      key: repeat === 1 ? plugin.id : `${plugin.id}~${repeat}`,
      policy: plugin.skipped ? 'SKIPPED' : plugin.installation,
      kinds: Object.keys(plugin.brings ?? {}),
      names: `${title}\n${plugin.name}`.toLowerCase(),
      text: [title, plugin.name, summary, plugin.publisher, plugin.category, plugin.words].join('\n').toLowerCase(),
    };
  });
  const byKey = new Map(plugins.map(plugin => [plugin.key, plugin]));
  const byTitle = (a, b) => (a.skipped === true) - (b.skipped === true) || collator.compare(a.title, b.title) || a.number - b.number;
  const orders = { name: [...plugins].sort(byTitle), listed: plugins };

  // Productivity and productivity are one choice, under the spelling that comes first.
  const spellings = new Map();
  const fold = text => {
    const key = (text ?? '').toLowerCase();
    if (!spellings.has(key)) spellings.set(key, text ?? '');
    return [key];
  };

  const facets = [
    { name: 'category', title: 'Category', of: p => fold(p.category), label: v => spellings.get(v) || 'No category' },
    { name: 'component', title: 'Brings', of: p => p.kinds, label: v => COMPONENTS[v]?.[0] ?? v, order: Object.keys(COMPONENTS) },
    { name: 'policy', title: 'Installation', of: p => [p.policy], label: v => POLICIES[v] ?? v, order: Object.keys(POLICIES) },
    { name: 'publisher', title: 'Publisher', of: p => fold(p.publisher), label: v => spellings.get(v) || 'Not stated' },
    { name: 'marketplace', title: 'Marketplace', of: p => [String(p.marketplace)], label: v => index.marketplaces[v]?.title ?? 'Unknown' },
  ].filter(facet => facet.name !== 'marketplace' || index.marketplaces.length > 1);

  const state = { words: [], order: 'name', shown: CHUNK, chosen: new Map(facets.map(facet => [facet.name, new Set()])) };

  const fits = (plugin, except) => state.words.every(word => plugin.text.includes(word))
    && facets.every(facet => {
      const chosen = state.chosen.get(facet.name);
      return facet === except || chosen.size === 0 || facet.of(plugin).some(value => chosen.has(value));
    });

  // A plugin called what was typed comes before one that only mentions it.
  const rank = plugin => state.words.every(word => plugin.names.startsWith(word) || plugin.names.includes(`\n${word}`)) ? 0 : state.words.every(word => plugin.names.includes(word)) ? 1 : 2;

  const found = () => {
    const matches = orders[state.order].filter(plugin => fits(plugin));
    if (state.words.length === 0) return matches;
    const ranks = new Map(matches.map(plugin => [plugin, rank(plugin)]));
    return matches.sort((a, b) => ranks.get(a) - ranks.get(b));
  };

  // ---- tiles and cards ----

  const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

  // A logo with a ground of its own fills its tile; one cut out gets a margin and a ground.
  const isFull = image => {
    const canvas = make('canvas');
    canvas.width = canvas.height = 8;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0, 8, 8);
    const alpha = context.getImageData(0, 0, 8, 8).data;
    return image.naturalWidth === image.naturalHeight && [[3, 0], [0, 3], [7, 4], [4, 7]].every(([x, y]) => alpha[(y * 8 + x) * 4 + 3] > 230);
  };

  const paintTile = (tile, plugin) => {
    const dark = isDark() && plugin.logoDark !== undefined;
    const number = dark ? plugin.logoDark : plugin.logo ?? plugin.logoDark;
    const source = number === undefined ? null : pictureOf(number);
    tile.className = 'tile';
    if (source === null) {
      tile.replaceChildren([...plugin.title][0]?.toUpperCase() ?? '?');
      return;
    }
    const image = make('img');
    image.alt = '';
    image.decoding = 'async';
    image.src = source;
    image.addEventListener('error', () => { tile.className = 'tile'; tile.replaceChildren([...plugin.title][0]?.toUpperCase() ?? '?'); });
    image.addEventListener('load', () => tile.classList.toggle('full', isFull(image)));
    tile.classList.add('pictured');
    tile.classList.toggle('dark', number === plugin.logoDark);
    tile.replaceChildren(image);
  };
  const tileOf = plugin => {
    const tile = make('div', 'tile', [...plugin.title][0]?.toUpperCase() ?? '?');
    tile.setAttribute('aria-hidden', 'true');
    tile.plugin = plugin;
    whenRead(() => paintTile(tile, plugin));
    return tile;
  };
  const brand = (element, plugin) => {
    if (isColor(plugin.fill) && isColor(plugin.ink)) {
      element.style.setProperty('--fill', plugin.fill);
      element.style.setProperty('--ink', plugin.ink);
    }
    return element;
  };
  const addressOf = plugin => `#/${encodeURIComponent(plugin.key)}`;
  const policyBadge = plugin => plugin.policy === 'AVAILABLE' ? null : make('span', plugin.policy === 'INSTALLED_BY_DEFAULT' ? 'badge' : 'badge warn', POLICIES[plugin.policy] ?? plugin.policy);

  const cardOf = plugin => {
    const link = make('a', '', plugin.title);
    link.href = addressOf(plugin);
    const by = plugin.publisher ?? (index.marketplaces.length > 1 ? index.marketplaces[plugin.marketplace]?.title : plugin.name);
    const summary = plugin.skipped
      ? make('p', 'summary', plugin.reason ?? 'The entry cannot be used.')
      : plugin.summary ? make('p', 'summary', plugin.summary) : make('p', 'summary empty-text', 'No description.');
    const foot = make('footer', '', policyBadge(plugin));
    for (const [kind, count] of Object.entries(plugin.brings ?? {})) if (COMPONENTS[kind]) foot.append(make('span', '', plural(count, COMPONENTS[kind][1], COMPONENTS[kind][2])));
    const card = make('li', plugin.skipped ? 'card skipped' : 'card', make('header', '', tileOf(plugin), make('div', '', make('h2', '', link), make('p', 'by', by))), summary, foot);
    return brand(card, plugin);
  };

  // ---- filters ----

  const filters = byId('filters');
  const wide = matchMedia('(min-width: 56.01rem)');
  const box = make('details', 'filterbox', make('summary', '', 'Filters'));
  box.open = wide.matches;
  wide.addEventListener('change', () => { box.open = wide.matches; });
  filters.append(box);
  filters.addEventListener('submit', event => event.preventDefault());

  for (const facet of facets) {
    const values = new Set(plugins.flatMap(facet.of));
    const size = new Map();
    for (const plugin of plugins) for (const value of facet.of(plugin)) size.set(value, (size.get(value) ?? 0) + 1);
    facet.values = [...values].sort((a, b) => facet.order ? facet.order.indexOf(a) - facet.order.indexOf(b) : (a === '') - (b === '') || size.get(b) - size.get(a) || collator.compare(facet.label(a), facet.label(b)));
    facet.all = false;
    facet.set = make('fieldset', '', make('legend', '', facet.title));
    facet.rows = new Map();
    facet.body = make('div');
    facet.set.append(facet.body);
    facet.more = button('link', '', () => { facet.all = !facet.all; showFilters(); });
    facet.set.append(facet.more);
    if (facet.values.length > 0) box.append(facet.set);
  }

  const rowOf = (facet, value) => {
    if (!facet.rows.has(value)) {
      const input = make('input');
      input.type = 'checkbox';
      input.addEventListener('change', () => {
        const chosen = state.chosen.get(facet.name);
        if (input.checked) chosen.add(value); else chosen.delete(value);
        show();
      });
      const count = make('span', 'count');
      facet.rows.set(value, { row: make('label', 'choice', input, make('span', '', facet.label(value)), count), input, count });
    }
    return facet.rows.get(value);
  };

  const showFilters = () => {
    for (const facet of facets) {
      const counts = new Map();
      for (const plugin of plugins) if (fits(plugin, facet)) for (const value of facet.of(plugin)) counts.set(value, (counts.get(value) ?? 0) + 1);
      const chosen = state.chosen.get(facet.name);
      const visible = facet.values.filter((value, place) => facet.all || place < FEW || chosen.has(value));
      const rows = visible.map(value => {
        const { row, input, count } = rowOf(facet, value);
        const number = counts.get(value) ?? 0;
        input.checked = chosen.has(value);
        count.textContent = number.toLocaleString('en');
        row.classList.toggle('none', number === 0);
        return row;
      });
      // Moving a row that has the focus would lose it.
      if (rows.length !== facet.body.children.length || rows.some((row, place) => facet.body.children[place] !== row)) facet.body.replaceChildren(...rows);
      facet.more.hidden = facet.values.length <= FEW;
      facet.more.textContent = facet.all ? 'Show fewer' : `Show all ${facet.values.length.toLocaleString('en')}`;
      facet.more.setAttribute('aria-expanded', String(facet.all));
    }
  };

  // ---- the list ----

  const cards = byId('cards');
  const more = byId('more');
  const empty = byId('empty');
  const search = byId('search');
  let matches = [];

  const extend = () => {
    const from = cards.children.length;
    cards.append(...matches.slice(from, state.shown).map(cardOf));
    more.hidden = matches.length <= state.shown;
    more.textContent = `Show more (${(matches.length - Math.min(state.shown, matches.length)).toLocaleString('en')} left)`;
  };
  const isFiltered = () => state.words.length > 0 || [...state.chosen.values()].some(chosen => chosen.size > 0);
  const clear = () => {
    for (const chosen of state.chosen.values()) chosen.clear();
    state.words = [];
    search.value = '';
    show();
    search.focus();
  };

  const show = () => {
    matches = found();
    state.shown = CHUNK;
    cards.replaceChildren();
    extend();
    showFilters();
    byId('status').textContent = isFiltered() ? `${matches.length.toLocaleString('en')} of ${plural(plugins.length, 'plugin', 'plugins')}` : plural(plugins.length, 'plugin', 'plugins');
    byId('clear').hidden = !isFiltered();
    empty.hidden = matches.length > 0;
    empty.replaceChildren();
    if (plugins.length === 0) {
      empty.append(make('h2', '', 'No plugins yet'), make('p', '', index.marketplaces.length === 1 ? 'This marketplace lists no plugins.' : 'No marketplace on this page lists a plugin.'));
    } else if (matches.length === 0) {
      const typed = search.value.trim();
      empty.append(make('h2', '', typed ? `Nothing matches \u201C${typed}\u201D` : 'Nothing matches these filters'), make('p', '', 'Try another word, or fewer filters.'), button('quiet', 'Clear search and filters', clear));
    }
  };

  more.addEventListener('click', () => {
    const next = cards.children.length;
    state.shown += CHUNK;
    extend();
    cards.children[next]?.querySelector('a').focus();
  });
  new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting) && document.activeElement !== more && cards.children.length < matches.length) {
      state.shown += CHUNK;
      extend();
    }
  }, { rootMargin: '600px' }).observe(more);

  search.addEventListener('input', () => {
    state.words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    show();
  });
  byId('clear').addEventListener('click', clear);
  byId('order').addEventListener('change', event => { state.order = event.target.value; show(); });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !dialog.open && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // ---- one plugin ----

  const dialog = byId('plugin');
  const announce = text => { byId('announce').textContent = ''; setTimeout(() => { byId('announce').textContent = text; }, 30); };

  const copy = async (text, code, control) => {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      // A page from a file share may have no clipboard of its own; the old way needs a selection.
      getSelection().selectAllChildren(code);
      done = document.execCommand('copy');
    }
    control.textContent = done ? 'Copied' : 'Press Ctrl+C';
    announce(done ? `Copied: ${text}` : 'The command is selected; press Ctrl+C to copy it.');
    setTimeout(() => { control.textContent = 'Copy'; }, 2000);
  };
  const commandOf = (label, text) => {
    // Broken between words first; the text stays the same for who selects it.
    const code = make('code', '', ...text.split(/( )/).map(word => word === ' ' ? word : make('span', '', word)));
    const control = button('quiet', 'Copy', () => copy(text, code, control));
    control.setAttribute('aria-label', `Copy the command for ${label}`);
    return make('div', 'command', make('div', 'label', label, control), code);
  };
  const commandsOf = commands => [commandOf('PowerShell', commands.PowerShell), commandOf('Codex', commands.Codex), commandOf('Command line', commands.Shell)];
  const part = (title, ...children) => make('section', '', make('h3', '', title), ...children);
  const listOf = (className, items) => make('ul', className, ...items.map(item => make('li', '', item)));
  const kindOf = (title, items, isCode) => items ? make('div', 'kind', make('h4', '', `${title} (${items.length.toLocaleString('en')})`), make('ul', '', ...items.map(([name, text]) => make('li', '', make('strong', '', name), text.trim() ? make('p', isCode ? 'code' : '', text) : null)))) : null;

  const installOf = (plugin, detail) => {
    const market = index.marketplaces[plugin.marketplace];
    if (!detail.install) {
      const why = plugin.skipped ? 'The entry cannot be used, so there is nothing to install.'
        : plugin.installation === 'NOT_AVAILABLE' ? 'The marketplace lists this plugin without offering it for installation.'
          : 'Its name does not make a safe command, so none is shown.';
      return part('Install', make('p', 'fine', why));
    }
    const section = part('Install', ...commandsOf(detail.install));
    if (market?.install) section.append(make('details', 'command', make('summary', '', 'Marketplace not added yet?'), ...commandsOf(market.install)));
    return section;
  };

  const factsOf = (plugin, detail) => {
    const rows = [
      ['Marketplace', index.marketplaces[plugin.marketplace]?.title], ['Id', plugin.id], ['Version', plugin.version], ['Category', plugin.category], ['Author', detail.author !== plugin.publisher ? detail.author : null],
      ['License', detail.license], ['Sign-in', plugin.skipped ? null : plugin.authentication === 'ON_USE' ? 'when first used' : plugin.authentication === 'ON_INSTALL' ? 'when installed' : plugin.authentication],
      ['Source', detail.source], ['Ref', detail.ref], ['Commit', detail.commit?.slice(0, 12)],
    ].filter(([, value]) => value);
    return part('Details', make('dl', 'pairs', ...rows.flatMap(([name, value]) => [make('dt', '', name), make('dd', '', value)])));
  };

  const linksOf = detail => {
    const links = detail.links.filter(link => link.address.startsWith('https://'));
    return links.length === 0 ? null : part('Links', make('ul', 'links', ...links.map(link => {
      const anchor = make('a', '', link.label);
      anchor.href = link.address;
      anchor.target = '_blank';
      anchor.rel = 'noopener noreferrer';
      return make('li', '', anchor, make('small', '', link.host));
    })));
  };

  const bringsOf = (plugin, detail) => {
    if (plugin.skipped) return null;
    if (!plugin.brings) return part('What it brings', make('p', 'fine', 'Not read: its files lie in another repository. Export the page with -Resolve to show them.'));
    const kinds = [kindOf('Skills', detail.skills), kindOf('MCP servers', detail.servers, true), kindOf('Hooks, which run commands', detail.hooks, true), kindOf('Apps', detail.apps), kindOf('Commands', detail.commands)].filter(Boolean);
    return part('What it brings', ...(kinds.length > 0 ? kinds : [make('p', 'fine', 'Nothing: no skill, app, MCP server, hook or command was found in it.')]));
  };

  const shotsOf = (plugin, detail) => {
    const images = detail.screenshots.map(pictureOf).filter(Boolean).map((source, place) => {
      const image = make('img');
      image.alt = `Screenshot ${place + 1} of ${plugin.title}`;
      image.src = source;
      return image;
    });
    return images.length > 0 ? part('Screenshots', make('div', 'shots', ...images)) : null;
  };

  const openPlugin = plugin => {
    const detail = JSON.parse(byId(`detail-${plugin.number}`).textContent);
    const heading = make('h2', '', plugin.title);
    heading.id = 'plugin-title';
    heading.tabIndex = -1;
    const close = button('quiet close', '\u00D7', () => dialog.close());
    close.setAttribute('aria-label', 'Close');
    const facts = make('div', 'facts', plugin.publisher ? make('span', '', plugin.publisher) : null, plugin.version ? make('span', '', `Version ${plugin.version}`) : null, policyBadge(plugin));
    const masthead = brand(make('header', 'masthead', tileOf(plugin), make('div', '', heading, facts), close), plugin);
    const text = detail.description ?? plugin.summary;
    const story = make('div', 'story',
      plugin.reason ? make('p', 'notice', plugin.reason) : null,
      detail.hiddenText ? make('p', 'notice', 'Some of its texts hold characters that a reader does not see. Look at its files before you install it.') : null,
      text ? make('p', 'prose', text) : plugin.skipped ? null : make('p', 'prose empty-text', 'No description.'),
      detail.prompts ? part('Try asking', listOf('prompts', detail.prompts)) : null,
      shotsOf(plugin, detail),
      bringsOf(plugin, detail),
      detail.claims ? part('What it says it can do', listOf('words', detail.claims.map(claim => make('span', 'badge', claim)))) : null,
      detail.notes ? make('details', 'fine', make('summary', '', 'Not shown on this page'), listOf('', detail.notes)) : null);
    const aside = make('div', 'aside', installOf(plugin, detail), linksOf(detail), factsOf(plugin, detail),
      detail.keywords ? part('Keywords', listOf('words', detail.keywords.map(word => make('span', 'badge', word)))) : null);
    const sheet = make('div', 'sheet', story, aside);
    sheet.tabIndex = 0;
    sheet.setAttribute('role', 'group');
    sheet.setAttribute('aria-label', `About ${plugin.title}`);
    dialog.replaceChildren(masthead, sheet);
    if (!dialog.open) dialog.showModal();
    heading.focus();
    document.title = `${plugin.title} \u00B7 ${index.title}`;
  };

  const route = () => {
    let plugin;
    try {
      plugin = location.hash.startsWith('#/') ? byKey.get(decodeURIComponent(location.hash.slice(2))) : undefined;
    } catch {
      plugin = undefined;
    }
    if (plugin) openPlugin(plugin);
    else if (dialog.open) dialog.close();
  };
  dialog.addEventListener('close', () => {
    document.title = index.title;
    if (location.hash.startsWith('#/')) history.replaceState(null, '', '#');
  });
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  addEventListener('hashchange', route);

  // ---- theme ----

  const themes = ['system', 'light', 'dark'];
  const remembered = () => { try { return localStorage.getItem('pluginmarket-theme'); } catch { return null; } };
  const setTheme = name => {
    if (name === 'system') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = name;
    byId('theme').textContent = `Theme: ${name}`;
    try { localStorage.setItem('pluginmarket-theme', name); } catch { /* A page from a file may have no storage: the choice lasts as long as the page. */ }
    for (const tile of document.querySelectorAll('.tile')) if (tile.plugin?.logoDark !== undefined) paintTile(tile, tile.plugin);
  };
  let theme = themes.includes(remembered()) ? remembered() : 'system';
  setTheme(theme);
  byId('theme').addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    setTheme(theme);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTheme(theme));

  // ---- start ----

  const from = index.marketplaces.length === 1
    ? index.marketplaces[0].source ? `from ${index.marketplaces[0].source}` : `of the marketplace ${index.marketplaces[0].name}`
    : `from ${index.marketplaces.length} marketplaces`;
  byId('subtitle').textContent = `Plugins ${from}`;
  byId('colophon').textContent = `Written ${index.written} by PluginMarket. This file is complete in itself: it loads nothing, and what it shows is what the catalogs said on that day.`;
  if (index.failures.length > 0) byId('failures').append(make('div', 'notice', make('ul', '', ...index.failures.map(text => make('li', '', text)))));
  show();
  whenRead(route);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
