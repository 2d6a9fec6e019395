-- secondcall for Neovim 0.11 and newer: vim.lsp.enable('secondcall')
-- Older versions use it through lua/secondcall.lua.

-- Asks why a finding is accepted; the server writes the reason into secondcall.toml.
local function ask_reason(command, context)
  local finding = command.arguments[1]
  vim.ui.input({ prompt = ('Why is %s accepted? '):format(finding.rule) }, function(reason)
    if reason and reason:find('%S') then
      vim.lsp.get_client_by_id(context.client_id).request('workspace/executeCommand', {
        command = 'secondcall.accept',
        arguments = { { uri = finding.uri, id = finding.id, reason = reason } },
      }, nil, context.bufnr)
    end
  end)
end

return {
  cmd = { 'secondcall', 'lsp' },
  -- A finding is shown in a `.wat`, in a manifest, or in the source that debug information names.
  filetypes = {
    'c', 'cpp', 'go', 'javascript', 'python', 'rust', 'swift', 'toml', 'typescript', 'wat', 'yaml', 'zig',
  },
  -- All components below this folder are checked.
  root_markers = { 'secondcall.toml', '.git', 'spin.toml', 'Cargo.toml' },
  -- Add both `trusted = true` and `dynamic = 'on'` to have exports called.
  init_options = { asksReason = true },
  commands = { ['secondcall.askReason'] = ask_reason },
}
