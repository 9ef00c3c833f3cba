{
  one = x: x + 1;
  two = x: y: {
    a = x;
    b = y;
  };
  three =
    x: y: z:
    z x;
  none =
    { }:
    1;
  few =
    { a, b }:
    a;
  many =
    {
      a,
      b,
      c,
    }:
    a;
  open =
    { a, ... }@args:
    args;
  any =
    { ... }:
    1;
  defaults =
    {
      # Why.
      a ? 1,
      b ? {
        c = 2;
      },
      d ? [ ],
      ...
    }:
    let
      e = a;
    in
    e;
  conditional = x: if x then 1 else 2;
  chain =
    x:
    if x then
      1
    else if !x then
      2
    else
      3;
  asserted =
    x:
    assert x ? y;
    x.y;
}
