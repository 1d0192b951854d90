/// The looks of a review's page, and all of its behaviour: blue and orange are told apart with every common kind of
/// colour blindness, and both are doubled by a sign.
enum ReviewStyle {
    static let css = """
        :root{color-scheme:light dark;--text:#1f2328;--quiet:#59636e;--page:#fff;--panel:#f6f8fa;--line:#d1d9e0;
        --added:#dbeafe;--added-word:#93c5fd;--added-ink:#1d4ed8;--removed:#ffedd5;--removed-word:#fdba74;
        --removed-ink:#b45309;--changed-ink:#6d28d9;--risk:#b42318}
        @media(prefers-color-scheme:dark){:root{--text:#e6edf3;--quiet:#9198a1;--page:#0d1117;--panel:#151b23;
        --line:#3d444d;--added:#12263f;--added-word:#1e4e8c;--added-ink:#79b8ff;--removed:#3a2410;
        --removed-word:#7a4a12;--removed-ink:#ffb757;--changed-ink:#c297ff;--risk:#ff8a80}}
        *{box-sizing:border-box}
        body{font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--page);margin:0 auto;
        max-width:90rem;padding:1rem 1.25rem 3rem}
        h1{font-size:1.5rem;line-height:1.25;margin:.2rem 0;overflow-wrap:anywhere}
        h2{display:inline;font-size:1.1rem;overflow-wrap:anywhere}
        h3{font:600 .8rem/1.4 ui-monospace,monospace;margin:.9rem 0 .25rem}
        .summary{font-size:1.1rem;font-weight:600;margin:.2rem 0}.quiet,.verb{color:var(--quiet);font-size:.85rem}
        .quiet{margin:.2rem 0;overflow-wrap:anywhere}
        .risks{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:.4rem 0;padding:0}
        .risks li,.risk{border:1px solid var(--risk);border-radius:1rem;color:var(--risk);font:600 .75rem/1.6 system-ui,
        sans-serif;padding:0 .6rem;white-space:nowrap}
        .controls{background:var(--page);border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;
        padding:.4rem 0;position:sticky;top:0;z-index:1}
        fieldset{border:0;display:flex;flex-wrap:wrap;gap:.2rem .9rem;margin:0;padding:0}
        legend{float:left;color:var(--quiet);margin-right:.7rem;padding:0}label{white-space:nowrap}
        nav{margin:.8rem 0}nav ul{columns:14rem;list-style:none;margin:.4rem 0;padding:0;max-height:20rem;overflow:auto}
        nav a{color:inherit;overflow-wrap:anywhere}summary{cursor:pointer}
        .item{border:1px solid var(--line);border-radius:.5rem;margin:.8rem 0;padding:.5rem .8rem;
        scroll-margin-top:4.5rem}
        .sign{display:inline-block;font:700 1rem/1 ui-monospace,monospace;width:1ch}
        .create .sign,label.create{color:var(--added-ink)}.update .sign,.replace .sign,label.update,label.replace{color:var(--changed-ink)}
        .delete .sign,label.delete{color:var(--removed-ink)}
        .remarks{background:var(--panel);border-radius:.5rem;margin:.8rem 0;padding:.5rem .8rem .5rem 2rem;
        overflow-wrap:anywhere}.problem{color:var(--risk)}
        .diff{border:1px solid var(--line);border-radius:.35rem;overflow:hidden}
        .row{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
        .row+.row .old,.row+.row .new{border-top:0}.row.whole{grid-template-columns:minmax(0,1fr)}
        pre{font:.8rem/1.5 ui-monospace,"Noto Sans Mono CJK TC",monospace;margin:0;min-height:1.5em;
        overflow-wrap:anywhere;padding:0 .6rem 0 1.6rem;position:relative;unicode-bidi:plaintext;white-space:pre-wrap}
        .old.none,.new.none{background:var(--panel)}.same{color:var(--quiet)}
        .removed{background:var(--removed)}.added{background:var(--added)}
        .removed::before,.added::before{left:.55rem;position:absolute}
        .removed::before{color:var(--removed-ink);content:"\\2212"}.added::before{color:var(--added-ink);content:"+"}
        del,ins{border-radius:.2rem;font-weight:600;text-decoration:none}
        del{background:var(--removed-word);text-decoration:underline}
        ins{background:var(--added-word);text-decoration:underline}
        .path,.hidden{background:var(--panel);color:var(--quiet);font:.75rem/1.6 ui-monospace,monospace;margin:0;
        overflow-wrap:anywhere;padding:.1rem .6rem}
        body:has(#view-inline:checked) .row{grid-template-columns:minmax(0,1fr)}
        body:has(#view-inline:checked) :is(.same .old,.none){display:none}
        body:has(#show-create:not(:checked)) :is(.item,nav li).create,
        body:has(#show-update:not(:checked)) :is(.item,nav li).update,
        body:has(#show-replace:not(:checked)) :is(.item,nav li).replace,
        body:has(#show-delete:not(:checked)) :is(.item,nav li).delete,
        body:has(#only-risks:checked) :is(.item,nav li):not(.risky){display:none}
        @media(max-width:48rem){.controls{position:static}.row{grid-template-columns:minmax(0,1fr)}
        :is(.same .old,.none){display:none}label:has(#view-side),label:has(#view-inline),
        fieldset:has(#view-side){display:none}.item{padding:.4rem .5rem}}
        @media print{body{font-size:11pt;max-width:none;padding:0}.controls,nav{display:none}
        .item{break-inside:auto;border-color:#999}summary,h3{break-after:avoid}.row{break-inside:avoid}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        details::details-content{block-size:auto;content-visibility:visible}}
        """
}
