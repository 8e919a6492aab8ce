package io.kerf.source;

import java.util.Map;

/** A hub's client as tests of other packages need it: of an environment, not of this user. */
public final class LoopbackHub {
  private LoopbackHub() {}

  public static Hub of(Map<String, String> environment) {
    return new Hub(HubSettings.of(environment, ""), Patience.usual());
  }
}
