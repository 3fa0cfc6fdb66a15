"""Cases played through the gate without a browser: the ``story``, the demo data, and the stage that both stand on."""
