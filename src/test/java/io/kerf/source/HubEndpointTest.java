package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubEndpointTest {
  private final HubEndpoint hub = HubEndpoint.of("https://hub.example/base/");

  @Test
  void namesAreEncodedIntoAddresses() {
    HubName name = new HubName("org/name", "refs/pr/1#ü", "");
    assertEquals(
        "https://hub.example/base/api/models/org/name/revision/refs%2Fpr%2F1%23%C3%BC",
        hub.listing(name.repo()).toString());
    assertEquals(
        "https://hub.example/base/org/name/resolve/abc/a%20folder/100%25%3F.gguf",
        hub.file(name.repo(), "abc", "a folder/100%?.gguf").toString());
  }

  @Test
  void onlySchemeHostAndPortTogetherAreTheHubItself() {
    for (String own : List.of("https://hub.example/x", "HTTPS://HUB.example:443/")) {
      assertTrue(hub.owns(URI.create(own)), own);
    }
    for (String other :
        List.of(
            "http://hub.example/x",
            "https://hub.example:8443/x",
            "https://cdn.hub.example/x",
            "https://hub.example.evil/x")) {
      assertFalse(hub.owns(URI.create(other)), other);
    }
    assertTrue(HubEndpoint.of("http://localhost").owns(URI.create("http://localhost:80/x")));
  }

  private static String redirected(String location) {
    return HubEndpoint.redirect(URI.create("https://hub.example/a/b?c"), location, "HF_ENDPOINT")
        .toString();
  }

  @Test
  void redirectsAreResolvedAgainstWhatAnswered() {
    assertEquals("https://hub.example/x", redirected("/x"));
    assertEquals("https://hub.example/a/x", redirected("x"));
    assertEquals("https://hub.example/a/b?x", redirected("?x"));
    assertEquals("https://cdn.example/x", redirected("//cdn.example/x"));
    assertEquals(
        "https://cdn.example/x?name=%22a%20b%22&c=%2F",
        redirected("https://cdn.example/x?name=\"a b\"&c=%2F"));
  }

  @Test
  void redirectsThatWeakenOrLeaveHttpAreRefused() {
    assertEquals(
        "https://hub.example redirects from https to http at http://cdn.example, which is not"
            + " followed",
        assertThrows(FetchException.class, () -> redirected("http://cdn.example/x?signed"))
            .getMessage());
    assertEquals(
        "https://hub.example redirects to 'file', which is not http or https",
        assertThrows(FetchException.class, () -> redirected("file:///x")).getMessage());
    for (String nowhere : new String[] {"https://[x", "https://a_b/c", "http:///c", "%zz"}) {
      assertEquals(
          "https://hub.example redirects to what is not an address; check HF_ENDPOINT, or try again"
              + " later",
          assertThrows(FetchException.class, () -> redirected(nowhere)).getMessage());
    }
  }
}
