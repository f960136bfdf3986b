#pragma once

#include "base/units.h"

namespace confab::discovery {

// When what is done. The values are for service; tests take shorter ones.
struct ConsulTimes {
  TimeDelta ttl = TimeDelta::Seconds(10);     // after it, one who does not renew is not healthy
  TimeDelta renewal = TimeDelta::Seconds(3);  // two may be lost
  TimeDelta wait = TimeDelta::Seconds(30);    // of a blocking query
  TimeDelta request = TimeDelta::Seconds(3);  // for each request, besides its wait
  // After failures. The most is what an instance may be found later when Consul has come back.
  TimeDelta first_back_off = TimeDelta::Millis(250);
  TimeDelta most_back_off = TimeDelta::Seconds(3);
  // After an outage, until everyone who lives has announced itself again: a back-off and a request.
  TimeDelta settling = TimeDelta::Seconds(6);
  // Of blocking queries whose answers come fast: so many at once, then one in each interval.
  int burst = 5;
  TimeDelta query_interval = TimeDelta::Seconds(1);
};

}  // namespace confab::discovery
