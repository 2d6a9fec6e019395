-- The configuration of a user: `editors/neovim` is in the runtime path, and diagnostics are shown in the text.
vim.opt.runtimepath:append(vim.env.SECONDCALL_PLUGIN)
vim.diagnostic.config({ virtual_text = { spacing = 2 } })
if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('secondcall')
else
  require('secondcall').setup()
end

-- Makes the screen independent of the environment.
vim.opt.signcolumn = 'yes'
vim.opt.number = true
vim.opt.laststatus = 0
vim.opt.ruler = false
vim.opt.fillchars = { eob = ' ' }
vim.opt.shortmess:append('FI')
