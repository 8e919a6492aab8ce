# Between feed-forward layers: kind is Activation's ordinal.
def activate(self, x: Tensor, kind: int) -> Tensor:
  if kind == 0:
    y = torch.gelu(x)
  else:
    if kind == 1:
      y = torch.gelu(x, approximate="tanh")
    else:
      if kind == 2:
        y = torch.relu(x)
      else:
        y = torch.silu(x)
  return y
