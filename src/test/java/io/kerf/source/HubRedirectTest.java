package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.ProgressListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redirects to anywhere, and who gets to see the token. */
class HubRedirectTest extends HubCase {
  @Test
  void theTokenGoesToTheHubAndNeverElsewhere() throws Exception {
    environment.put("HF_TOKEN", " " + SECRET + "\n");
    server.once("GET", ELSEWHERE, HubServer.cutAfter(1000), HubServer.status(503));
    fetch("org/tiny");
    assertIsWhole();
    assertTrue(server.seen.stream().allMatch(s -> ("Bearer " + SECRET).equals(s.authorization())));
    assertEquals(3, server.seenElsewhere.size());
    server.seenElsewhere.forEach(request -> assertNull(request.authorization()));
  }

  @Test
  void relativeRedirectsStayOnTheHubWithTheToken() throws Exception {
    environment.put("HF_TOKEN", SECRET);
    String moved = "/org/tiny/resolve/" + HubServer.COMMIT + "/config.json";
    server.once(
        "HEAD", "config.json", HubServer.redirectTo(moved), HubServer.redirectTo("config.json"));
    server.once("GET", "config.json", HubServer.redirectTo(moved));
    fetch("org/tiny");
    assertIsWhole();
    assertTrue(server.seen.stream().allMatch(s -> ("Bearer " + SECRET).equals(s.authorization())));
  }

  @Test
  void aRedirectOfTheListingToAnotherHostTakesNoTokenAlong() {
    environment.put("HF_TOKEN", SECRET);
    server.always("GET", "listing", HubServer.redirectTo(server.addressElsewhere() + "/evil"));
    server.always("GET", "elsewhere /evil", HubServer.status(404));
    failure("org/tiny");
    assertEquals(1, server.seenElsewhere.size());
    assertNull(server.seenElsewhere.get(0).authorization());
  }

  @Test
  void redirectsInACircleEnd() {
    String again = server.address() + "/org/tiny/resolve/" + HubServer.COMMIT + "/config.json";
    server.always("HEAD", "config.json", HubServer.redirectTo(again));
    assertEquals(
        server.address() + " redirects more than 10 times; check HF_ENDPOINT", failure("org/tiny"));
  }

  @Test
  void aStorageThatRedirectsInACircleIsLeftToo() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.redirectTo("?again=1"));
    assertEquals(
        server.address() + " redirects more than 10 times; check HF_ENDPOINT", failure("org/tiny"));
    assertOnlyBlobsAreLeft();
  }

  @Test
  void otherSchemesAreNotFollowed() throws Exception {
    for (String location : List.of("file:///etc/passwd", "ftp://host/x", "javascript:x")) {
      server.always("GET", ELSEWHERE, HubServer.redirectTo(location));
      assertEquals(
          server.addressElsewhere()
              + " redirects to '"
              + location.substring(0, location.indexOf(':'))
              + "', which is not http or https",
          failure("org/tiny"));
    }
    assertOnlyBlobsAreLeft();
  }

  @Test
  void noMessageShowsTheTokenOrASignedAddress() {
    environment.put("HF_TOKEN", SECRET);
    HubServer.Fault[] faults = {
      HubServer.status(401, "X-Error-Message", SECRET),
      HubServer.status(403, "X-Error-Code", "GatedRepo", "X-Error-Message", SECRET),
      HubServer.status(404),
      HubServer.status(418, "Server", SECRET),
      HubServer.status(503),
      HubServer.redirectTo("file:///" + SECRET),
      HubServer.redirectTo("?Signature=secret"),
      HubServer.instead(SECRET.getBytes()),
      HubServer.cutAfter(0),
    };
    for (String file : List.of("listing", "config.json", ELSEWHERE)) {
      for (HubServer.Fault fault : faults) {
        server.always("GET", file, fault);
        Deletion.of(cache()); // the other files may have come
        try {
          hub().fetch(HubName.parse("org/tiny").orElseThrow(), config -> {}, ProgressListener.NONE);
          throw new AssertionError("it should fail");
        } catch (FetchException e) {
          StringWriter trace = new StringWriter();
          e.printStackTrace(new PrintWriter(trace));
          assertFalse(trace.toString().contains("secret"), trace::toString);
        }
      }
      server.always("GET", file, null);
    }
    assertFalse(HubSettings.of(environment, "").toString().contains("secret"));
    assertFalse(HubSettings.of(environment, "").token().toString().contains("secret"));
  }
}
