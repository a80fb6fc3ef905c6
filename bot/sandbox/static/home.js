// The app's Home tab.

import { renderBlocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { restoreFocus, tellFocus } from "./focus.js";
import { Values } from "./values.js";

export class Home {
  constructor(desk) {
    this.desk = desk;
    this.api = desk.api; // of whoever opened the tab, also once the page is somebody else's
    this.values = new Values();
    this.node = h("div", { class: "scroller home", role: "region", "aria-label": "Home", tabindex: "0" });
  }

  /** Notifies the app that the tab was opened, and shows what it has published, unless something newer arrived meanwhile. */
  async load() {
    const before = this.view;
    const answer = await this.desk.attempt(() => this.api.openHome({}));
    if (answer && this.api === this.desk.api && this.view === before) this.show(answer.view);
  }

  /** Redraws the dates after the clock was moved. */
  retime() {
    this.show(this.view);
  }

  show(view) {
    this.view = view;
    const focus = tellFocus(this.node);
    if (!view) {
      fill(this.node, h("p", { class: "empty" }, `${this.desk.world.app.name} has put nothing here yet.`));
      return;
    }
    this.values.keepOnly(view.blocks);
    fill(this.node, h("div", { class: "home-page" }, renderBlocks(view.blocks, this.desk.surface({ view_id: view.id }, this.values))));
    if (focus) restoreFocus(this.node, focus);
  }
}
