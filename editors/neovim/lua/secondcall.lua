-- secondcall for Neovim before 0.11: require('secondcall').setup()
-- `setup` takes the same settings as vim.lsp.config: require('secondcall').setup({ init_options = { … } })

local M = {}

local function root(file, markers)
  for _, marker in ipairs(markers) do
    local folder = vim.fn.fnamemodify(file, ':h')
    while true do
      local path = folder .. '/' .. marker
      if vim.fn.filereadable(path) == 1 or vim.fn.isdirectory(path) == 1 then
        return folder
      end
      local above = vim.fn.fnamemodify(folder, ':h')
      if above == folder then
        break
      end
      folder = above
    end
  end
end

function M.setup(settings)
  local file = vim.api.nvim_get_runtime_file('lsp/secondcall.lua', false)[1]
  local config = vim.tbl_deep_extend('force', dofile(file), settings or {})
  config.name = 'secondcall'
  -- Client ids by root folder: one server for each.
  local servers = {}

  local function attach(buffer)
    local name = vim.api.nvim_buf_get_name(buffer)
    local folder = name ~= '' and root(name, config.root_markers)
    if not folder then
      return
    end
    if not (servers[folder] and vim.lsp.get_client_by_id(servers[folder])) then
      servers[folder] = vim.lsp.start_client(vim.tbl_extend('force', config, {
        root_dir = folder,
        workspace_folders = { { uri = vim.uri_from_fname(folder), name = folder } },
      }))
    end
    if servers[folder] then
      vim.lsp.buf_attach_client(buffer, servers[folder])
    end
  end

  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('secondcall', {}),
    pattern = config.filetypes,
    callback = function(event)
      attach(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.tbl_contains(config.filetypes, vim.bo[buffer].filetype) then
      attach(buffer)
    end
  end
end

return M
