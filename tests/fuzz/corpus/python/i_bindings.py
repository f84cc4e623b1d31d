import os as a0
a0.system("x")
import os as a1
a1.system("x")
import os as a2
a2.system("x")
import os as a3
a3.system("x")
import os as a4
a4.system("x")
import os as a5
a5.system("x")
import os as a6
a6.system("x")
import os as a7
a7.system("x")
import os as a8
a8.system("x")
import os as a9
a9.system("x")
import os as a10
a10.system("x")
import os as a11
a11.system("x")
import os as a12
a12.system("x")
import os as a13
a13.system("x")
import os as a14
a14.system("x")
import os as a15
a15.system("x")
import os as a16
a16.system("x")
import os as a17
a17.system("x")
import os as a18
a18.system("x")
import os as a19
a19.system("x")
import os as a20
a20.system("x")
import os as a21
a21.system("x")
import os as a22
a22.system("x")
import os as a23
a23.system("x")
import os as a24
a24.system("x")
import os as a25
a25.system("x")
import os as a26
a26.system("x")
import os as a27
a27.system("x")
import os as a28
a28.system("x")
import os as a29
a29.system("x")
import os as a30
a30.system("x")
import os as a31
a31.system("x")
import os as a32
a32.system("x")
import os as a33
a33.system("x")
import os as a34
a34.system("x")
import os as a35
a35.system("x")
import os as a36
a36.system("x")
import os as a37
a37.system("x")
import os as a38
a38.system("x")
import os as a39
a39.system("x")
import os as a40
a40.system("x")
import os as a41
a41.system("x")
import os as a42
a42.system("x")
import os as a43
a43.system("x")
import os as a44
a44.system("x")
import os as a45
a45.system("x")
import os as a46
a46.system("x")
import os as a47
a47.system("x")
import os as a48
a48.system("x")
import os as a49
a49.system("x")
import os as a50
a50.system("x")
import os as a51
a51.system("x")
import os as a52
a52.system("x")
import os as a53
a53.system("x")
import os as a54
a54.system("x")
import os as a55
a55.system("x")
import os as a56
a56.system("x")
import os as a57
a57.system("x")
import os as a58
a58.system("x")
import os as a59
a59.system("x")
import os as a60
a60.system("x")
import os as a61
a61.system("x")
import os as a62
a62.system("x")
import os as a63
a63.system("x")
import os as a64
a64.system("x")
import os as a65
a65.system("x")
import os as a66
a66.system("x")
import os as a67
a67.system("x")
import os as a68
a68.system("x")
import os as a69
a69.system("x")
import os as a70
a70.system("x")
import os as a71
a71.system("x")
import os as a72
a72.system("x")
import os as a73
a73.system("x")
import os as a74
a74.system("x")
import os as a75
a75.system("x")
import os as a76
a76.system("x")
import os as a77
a77.system("x")
import os as a78
a78.system("x")
import os as a79
a79.system("x")
import os as a80
a80.system("x")
import os as a81
a81.system("x")
import os as a82
a82.system("x")
import os as a83
a83.system("x")
import os as a84
a84.system("x")
import os as a85
a85.system("x")
import os as a86
a86.system("x")
import os as a87
a87.system("x")
import os as a88
a88.system("x")
import os as a89
a89.system("x")
import os as a90
a90.system("x")
import os as a91
a91.system("x")
import os as a92
a92.system("x")
import os as a93
a93.system("x")
import os as a94
a94.system("x")
import os as a95
a95.system("x")
import os as a96
a96.system("x")
import os as a97
a97.system("x")
import os as a98
a98.system("x")
import os as a99
a99.system("x")
import os as a100
a100.system("x")
import os as a101
a101.system("x")
import os as a102
a102.system("x")
import os as a103
a103.system("x")
import os as a104
a104.system("x")
import os as a105
a105.system("x")
import os as a106
a106.system("x")
import os as a107
a107.system("x")
import os as a108
a108.system("x")
import os as a109
a109.system("x")
import os as a110
a110.system("x")
import os as a111
a111.system("x")
import os as a112
a112.system("x")
import os as a113
a113.system("x")
import os as a114
a114.system("x")
import os as a115
a115.system("x")
import os as a116
a116.system("x")
import os as a117
a117.system("x")
import os as a118
a118.system("x")
import os as a119
a119.system("x")
import os as a120
a120.system("x")
import os as a121
a121.system("x")
import os as a122
a122.system("x")
import os as a123
a123.system("x")
import os as a124
a124.system("x")
import os as a125
a125.system("x")
import os as a126
a126.system("x")
import os as a127
a127.system("x")
import os as a128
a128.system("x")
import os as a129
a129.system("x")
import os as a130
a130.system("x")
import os as a131
a131.system("x")
import os as a132
a132.system("x")
import os as a133
a133.system("x")
import os as a134
a134.system("x")
import os as a135
a135.system("x")
import os as a136
a136.system("x")
import os as a137
a137.system("x")
import os as a138
a138.system("x")
import os as a139
a139.system("x")
import os as a140
a140.system("x")
import os as a141
a141.system("x")
import os as a142
a142.system("x")
import os as a143
a143.system("x")
import os as a144
a144.system("x")
import os as a145
a145.system("x")
import os as a146
a146.system("x")
import os as a147
a147.system("x")
import os as a148
a148.system("x")
import os as a149
a149.system("x")
import os as a150
a150.system("x")
import os as a151
a151.system("x")
import os as a152
a152.system("x")
import os as a153
a153.system("x")
import os as a154
a154.system("x")
import os as a155
a155.system("x")
import os as a156
a156.system("x")
import os as a157
a157.system("x")
import os as a158
a158.system("x")
import os as a159
a159.system("x")
import os as a160
a160.system("x")
import os as a161
a161.system("x")
import os as a162
a162.system("x")
import os as a163
a163.system("x")
import os as a164
a164.system("x")
import os as a165
a165.system("x")
import os as a166
a166.system("x")
import os as a167
a167.system("x")
import os as a168
a168.system("x")
import os as a169
a169.system("x")
import os as a170
a170.system("x")
import os as a171
a171.system("x")
import os as a172
a172.system("x")
import os as a173
a173.system("x")
import os as a174
a174.system("x")
import os as a175
a175.system("x")
import os as a176
a176.system("x")
import os as a177
a177.system("x")
import os as a178
a178.system("x")
import os as a179
a179.system("x")
import os as a180
a180.system("x")
import os as a181
a181.system("x")
import os as a182
a182.system("x")
import os as a183
a183.system("x")
import os as a184
a184.system("x")
import os as a185
a185.system("x")
import os as a186
a186.system("x")
import os as a187
a187.system("x")
import os as a188
a188.system("x")
import os as a189
a189.system("x")
import os as a190
a190.system("x")
import os as a191
a191.system("x")
import os as a192
a192.system("x")
import os as a193
a193.system("x")
import os as a194
a194.system("x")
import os as a195
a195.system("x")
import os as a196
a196.system("x")
import os as a197
a197.system("x")
import os as a198
a198.system("x")
import os as a199
a199.system("x")
import os as a200
a200.system("x")
import os as a201
a201.system("x")
import os as a202
a202.system("x")
import os as a203
a203.system("x")
import os as a204
a204.system("x")
import os as a205
a205.system("x")
import os as a206
a206.system("x")
import os as a207
a207.system("x")
import os as a208
a208.system("x")
import os as a209
a209.system("x")
import os as a210
a210.system("x")
import os as a211
a211.system("x")
import os as a212
a212.system("x")
import os as a213
a213.system("x")
import os as a214
a214.system("x")
import os as a215
a215.system("x")
import os as a216
a216.system("x")
import os as a217
a217.system("x")
import os as a218
a218.system("x")
import os as a219
a219.system("x")
import os as a220
a220.system("x")
import os as a221
a221.system("x")
import os as a222
a222.system("x")
import os as a223
a223.system("x")
import os as a224
a224.system("x")
import os as a225
a225.system("x")
import os as a226
a226.system("x")
import os as a227
a227.system("x")
import os as a228
a228.system("x")
import os as a229
a229.system("x")
import os as a230
a230.system("x")
import os as a231
a231.system("x")
import os as a232
a232.system("x")
import os as a233
a233.system("x")
import os as a234
a234.system("x")
import os as a235
a235.system("x")
import os as a236
a236.system("x")
import os as a237
a237.system("x")
import os as a238
a238.system("x")
import os as a239
a239.system("x")
import os as a240
a240.system("x")
import os as a241
a241.system("x")
import os as a242
a242.system("x")
import os as a243
a243.system("x")
import os as a244
a244.system("x")
import os as a245
a245.system("x")
import os as a246
a246.system("x")
import os as a247
a247.system("x")
import os as a248
a248.system("x")
import os as a249
a249.system("x")
import os as a250
a250.system("x")
import os as a251
a251.system("x")
import os as a252
a252.system("x")
import os as a253
a253.system("x")
import os as a254
a254.system("x")
import os as a255
a255.system("x")
import os as a256
a256.system("x")
import os as a257
a257.system("x")
import os as a258
a258.system("x")
import os as a259
a259.system("x")
import os as a260
a260.system("x")
import os as a261
a261.system("x")
import os as a262
a262.system("x")
import os as a263
a263.system("x")
import os as a264
a264.system("x")
import os as a265
a265.system("x")
import os as a266
a266.system("x")
import os as a267
a267.system("x")
import os as a268
a268.system("x")
import os as a269
a269.system("x")
import os as a270
a270.system("x")
import os as a271
a271.system("x")
import os as a272
a272.system("x")
import os as a273
a273.system("x")
import os as a274
a274.system("x")
import os as a275
a275.system("x")
import os as a276
a276.system("x")
import os as a277
a277.system("x")
import os as a278
a278.system("x")
import os as a279
a279.system("x")
import os as a280
a280.system("x")
import os as a281
a281.system("x")
import os as a282
a282.system("x")
import os as a283
a283.system("x")
import os as a284
a284.system("x")
import os as a285
a285.system("x")
import os as a286
a286.system("x")
import os as a287
a287.system("x")
import os as a288
a288.system("x")
import os as a289
a289.system("x")
import os as a290
a290.system("x")
import os as a291
a291.system("x")
import os as a292
a292.system("x")
import os as a293
a293.system("x")
import os as a294
a294.system("x")
import os as a295
a295.system("x")
import os as a296
a296.system("x")
import os as a297
a297.system("x")
import os as a298
a298.system("x")
import os as a299
a299.system("x")
import os as a300
a300.system("x")
import os as a301
a301.system("x")
import os as a302
a302.system("x")
import os as a303
a303.system("x")
import os as a304
a304.system("x")
import os as a305
a305.system("x")
import os as a306
a306.system("x")
import os as a307
a307.system("x")
import os as a308
a308.system("x")
import os as a309
a309.system("x")
import os as a310
a310.system("x")
import os as a311
a311.system("x")
import os as a312
a312.system("x")
import os as a313
a313.system("x")
import os as a314
a314.system("x")
import os as a315
a315.system("x")
import os as a316
a316.system("x")
import os as a317
a317.system("x")
import os as a318
a318.system("x")
import os as a319
a319.system("x")
import os as a320
a320.system("x")
import os as a321
a321.system("x")
import os as a322
a322.system("x")
import os as a323
a323.system("x")
import os as a324
a324.system("x")
import os as a325
a325.system("x")
import os as a326
a326.system("x")
import os as a327
a327.system("x")
import os as a328
a328.system("x")
import os as a329
a329.system("x")
import os as a330
a330.system("x")
import os as a331
a331.system("x")
import os as a332
a332.system("x")
import os as a333
a333.system("x")
import os as a334
a334.system("x")
import os as a335
a335.system("x")
import os as a336
a336.system("x")
import os as a337
a337.system("x")
import os as a338
a338.system("x")
import os as a339
a339.system("x")
import os as a340
a340.system("x")
import os as a341
a341.system("x")
import os as a342
a342.system("x")
import os as a343
a343.system("x")
import os as a344
a344.system("x")
import os as a345
a345.system("x")
import os as a346
a346.system("x")
import os as a347
a347.system("x")
import os as a348
a348.system("x")
import os as a349
a349.system("x")
import os as a350
a350.system("x")
import os as a351
a351.system("x")
import os as a352
a352.system("x")
import os as a353
a353.system("x")
import os as a354
a354.system("x")
import os as a355
a355.system("x")
import os as a356
a356.system("x")
import os as a357
a357.system("x")
import os as a358
a358.system("x")
import os as a359
a359.system("x")
import os as a360
a360.system("x")
import os as a361
a361.system("x")
import os as a362
a362.system("x")
import os as a363
a363.system("x")
import os as a364
a364.system("x")
import os as a365
a365.system("x")
import os as a366
a366.system("x")
import os as a367
a367.system("x")
import os as a368
a368.system("x")
import os as a369
a369.system("x")
import os as a370
a370.system("x")
import os as a371
a371.system("x")
import os as a372
a372.system("x")
import os as a373
a373.system("x")
import os as a374
a374.system("x")
import os as a375
a375.system("x")
import os as a376
a376.system("x")
import os as a377
a377.system("x")
import os as a378
a378.system("x")
import os as a379
a379.system("x")
import os as a380
a380.system("x")
import os as a381
a381.system("x")
import os as a382
a382.system("x")
import os as a383
a383.system("x")
import os as a384
a384.system("x")
import os as a385
a385.system("x")
import os as a386
a386.system("x")
import os as a387
a387.system("x")
import os as a388
a388.system("x")
import os as a389
a389.system("x")
import os as a390
a390.system("x")
import os as a391
a391.system("x")
import os as a392
a392.system("x")
import os as a393
a393.system("x")
import os as a394
a394.system("x")
import os as a395
a395.system("x")
import os as a396
a396.system("x")
import os as a397
a397.system("x")
import os as a398
a398.system("x")
import os as a399
a399.system("x")
import os as a400
a400.system("x")
import os as a401
a401.system("x")
import os as a402
a402.system("x")
import os as a403
a403.system("x")
import os as a404
a404.system("x")
import os as a405
a405.system("x")
import os as a406
a406.system("x")
import os as a407
a407.system("x")
import os as a408
a408.system("x")
import os as a409
a409.system("x")
import os as a410
a410.system("x")
import os as a411
a411.system("x")
import os as a412
a412.system("x")
import os as a413
a413.system("x")
import os as a414
a414.system("x")
import os as a415
a415.system("x")
import os as a416
a416.system("x")
import os as a417
a417.system("x")
import os as a418
a418.system("x")
import os as a419
a419.system("x")
import os as a420
a420.system("x")
import os as a421
a421.system("x")
import os as a422
a422.system("x")
import os as a423
a423.system("x")
import os as a424
a424.system("x")
import os as a425
a425.system("x")
import os as a426
a426.system("x")
import os as a427
a427.system("x")
import os as a428
a428.system("x")
import os as a429
a429.system("x")
import os as a430
a430.system("x")
import os as a431
a431.system("x")
import os as a432
a432.system("x")
import os as a433
a433.system("x")
import os as a434
a434.system("x")
import os as a435
a435.system("x")
import os as a436
a436.system("x")
import os as a437
a437.system("x")
import os as a438
a438.system("x")
import os as a439
a439.system("x")
import os as a440
a440.system("x")
import os as a441
a441.system("x")
import os as a442
a442.system("x")
import os as a443
a443.system("x")
import os as a444
a444.system("x")
import os as a445
a445.system("x")
import os as a446
a446.system("x")
import os as a447
a447.system("x")
import os as a448
a448.system("x")
import os as a449
a449.system("x")
import os as a450
a450.system("x")
import os as a451
a451.system("x")
import os as a452
a452.system("x")
import os as a453
a453.system("x")
import os as a454
a454.system("x")
import os as a455
a455.system("x")
import os as a456
a456.system("x")
import os as a457
a457.system("x")
import os as a458
a458.system("x")
import os as a459
a459.system("x")
import os as a460
a460.system("x")
import os as a461
a461.system("x")
import os as a462
a462.system("x")
import os as a463
a463.system("x")
import os as a464
a464.system("x")
import os as a465
a465.system("x")
import os as a466
a466.system("x")
import os as a467
a467.system("x")
import os as a468
a468.system("x")
import os as a469
a469.system("x")
import os as a470
a470.system("x")
import os as a471
a471.system("x")
import os as a472
a472.system("x")
import os as a473
a473.system("x")
import os as a474
a474.system("x")
import os as a475
a475.system("x")
import os as a476
a476.system("x")
import os as a477
a477.system("x")
import os as a478
a478.system("x")
import os as a479
a479.system("x")
import os as a480
a480.system("x")
import os as a481
a481.system("x")
import os as a482
a482.system("x")
import os as a483
a483.system("x")
import os as a484
a484.system("x")
import os as a485
a485.system("x")
import os as a486
a486.system("x")
import os as a487
a487.system("x")
import os as a488
a488.system("x")
import os as a489
a489.system("x")
import os as a490
a490.system("x")
import os as a491
a491.system("x")
import os as a492
a492.system("x")
import os as a493
a493.system("x")
import os as a494
a494.system("x")
import os as a495
a495.system("x")
import os as a496
a496.system("x")
import os as a497
a497.system("x")
import os as a498
a498.system("x")
import os as a499
a499.system("x")
import os as a500
a500.system("x")
import os as a501
a501.system("x")
import os as a502
a502.system("x")
import os as a503
a503.system("x")
import os as a504
a504.system("x")
import os as a505
a505.system("x")
import os as a506
a506.system("x")
import os as a507
a507.system("x")
import os as a508
a508.system("x")
import os as a509
a509.system("x")
import os as a510
a510.system("x")
import os as a511
a511.system("x")
import os as a512
a512.system("x")
import os as a513
a513.system("x")
import os as a514
a514.system("x")
import os as a515
a515.system("x")
import os as a516
a516.system("x")
import os as a517
a517.system("x")
import os as a518
a518.system("x")
import os as a519
a519.system("x")
import os as a520
a520.system("x")
import os as a521
a521.system("x")
import os as a522
a522.system("x")
import os as a523
a523.system("x")
import os as a524
a524.system("x")
import os as a525
a525.system("x")
import os as a526
a526.system("x")
import os as a527
a527.system("x")
import os as a528
a528.system("x")
import os as a529
a529.system("x")
import os as a530
a530.system("x")
import os as a531
a531.system("x")
import os as a532
a532.system("x")
import os as a533
a533.system("x")
import os as a534
a534.system("x")
import os as a535
a535.system("x")
import os as a536
a536.system("x")
import os as a537
a537.system("x")
import os as a538
a538.system("x")
import os as a539
a539.system("x")
import os as a540
a540.system("x")
import os as a541
a541.system("x")
import os as a542
a542.system("x")
import os as a543
a543.system("x")
import os as a544
a544.system("x")
import os as a545
a545.system("x")
import os as a546
a546.system("x")
import os as a547
a547.system("x")
import os as a548
a548.system("x")
import os as a549
a549.system("x")
import os as a550
a550.system("x")
import os as a551
a551.system("x")
import os as a552
a552.system("x")
import os as a553
a553.system("x")
import os as a554
a554.system("x")
import os as a555
a555.system("x")
import os as a556
a556.system("x")
import os as a557
a557.system("x")
import os as a558
a558.system("x")
import os as a559
a559.system("x")
import os as a560
a560.system("x")
import os as a561
a561.system("x")
import os as a562
a562.system("x")
import os as a563
a563.system("x")
import os as a564
a564.system("x")
import os as a565
a565.system("x")
import os as a566
a566.system("x")
import os as a567
a567.system("x")
import os as a568
a568.system("x")
import os as a569
a569.system("x")
import os as a570
a570.system("x")
import os as a571
a571.system("x")
import os as a572
a572.system("x")
import os as a573
a573.system("x")
import os as a574
a574.system("x")
import os as a575
a575.system("x")
import os as a576
a576.system("x")
import os as a577
a577.system("x")
import os as a578
a578.system("x")
import os as a579
a579.system("x")
import os as a580
a580.system("x")
import os as a581
a581.system("x")
import os as a582
a582.system("x")
import os as a583
a583.system("x")
import os as a584
a584.system("x")
import os as a585
a585.system("x")
import os as a586
a586.system("x")
import os as a587
a587.system("x")
import os as a588
a588.system("x")
import os as a589
a589.system("x")
import os as a590
a590.system("x")
import os as a591
a591.system("x")
import os as a592
a592.system("x")
import os as a593
a593.system("x")
import os as a594
a594.system("x")
import os as a595
a595.system("x")
import os as a596
a596.system("x")
import os as a597
a597.system("x")
import os as a598
a598.system("x")
import os as a599
a599.system("x")
import os as a600
a600.system("x")
import os as a601
a601.system("x")
import os as a602
a602.system("x")
import os as a603
a603.system("x")
import os as a604
a604.system("x")
import os as a605
a605.system("x")
import os as a606
a606.system("x")
import os as a607
a607.system("x")
import os as a608
a608.system("x")
import os as a609
a609.system("x")
import os as a610
a610.system("x")
import os as a611
a611.system("x")
import os as a612
a612.system("x")
import os as a613
a613.system("x")
import os as a614
a614.system("x")
import os as a615
a615.system("x")
import os as a616
a616.system("x")
import os as a617
a617.system("x")
import os as a618
a618.system("x")
import os as a619
a619.system("x")
import os as a620
a620.system("x")
import os as a621
a621.system("x")
import os as a622
a622.system("x")
import os as a623
a623.system("x")
import os as a624
a624.system("x")
import os as a625
a625.system("x")
import os as a626
a626.system("x")
import os as a627
a627.system("x")
import os as a628
a628.system("x")
import os as a629
a629.system("x")
import os as a630
a630.system("x")
import os as a631
a631.system("x")
import os as a632
a632.system("x")
import os as a633
a633.system("x")
import os as a634
a634.system("x")
import os as a635
a635.system("x")
import os as a636
a636.system("x")
import os as a637
a637.system("x")
import os as a638
a638.system("x")
import os as a639
a639.system("x")
import os as a640
a640.system("x")
import os as a641
a641.system("x")
import os as a642
a642.system("x")
import os as a643
a643.system("x")
import os as a644
a644.system("x")
import os as a645
a645.system("x")
import os as a646
a646.system("x")
import os as a647
a647.system("x")
import os as a648
a648.system("x")
import os as a649
a649.system("x")
import os as a650
a650.system("x")
import os as a651
a651.system("x")
import os as a652
a652.system("x")
import os as a653
a653.system("x")
import os as a654
a654.system("x")
import os as a655
a655.system("x")
import os as a656
a656.system("x")
import os as a657
a657.system("x")
import os as a658
a658.system("x")
import os as a659
a659.system("x")
import os as a660
a660.system("x")
import os as a661
a661.system("x")
import os as a662
a662.system("x")
import os as a663
a663.system("x")
import os as a664
a664.system("x")
import os as a665
a665.system("x")
import os as a666
a666.system("x")
import os as a667
a667.system("x")
import os as a668
a668.system("x")
import os as a669
a669.system("x")
import os as a670
a670.system("x")
import os as a671
a671.system("x")
import os as a672
a672.system("x")
import os as a673
a673.system("x")
import os as a674
a674.system("x")
import os as a675
a675.system("x")
import os as a676
a676.system("x")
import os as a677
a677.system("x")
import os as a678
a678.system("x")
import os as a679
a679.system("x")
import os as a680
a680.system("x")
import os as a681
a681.system("x")
import os as a682
a682.system("x")
import os as a683
a683.system("x")
import os as a684
a684.system("x")
import os as a685
a685.system("x")
import os as a686
a686.system("x")
import os as a687
a687.system("x")
import os as a688
a688.system("x")
import os as a689
a689.system("x")
import os as a690
a690.system("x")
import os as a691
a691.system("x")
import os as a692
a692.system("x")
import os as a693
a693.system("x")
import os as a694
a694.system("x")
import os as a695
a695.system("x")
import os as a696
a696.system("x")
import os as a697
a697.system("x")
import os as a698
a698.system("x")
import os as a699
a699.system("x")
import os as a700
a700.system("x")
import os as a701
a701.system("x")
import os as a702
a702.system("x")
import os as a703
a703.system("x")
import os as a704
a704.system("x")
import os as a705
a705.system("x")
import os as a706
a706.system("x")
import os as a707
a707.system("x")
import os as a708
a708.system("x")
import os as a709
a709.system("x")
import os as a710
a710.system("x")
import os as a711
a711.system("x")
import os as a712
a712.system("x")
import os as a713
a713.system("x")
import os as a714
a714.system("x")
import os as a715
a715.system("x")
import os as a716
a716.system("x")
import os as a717
a717.system("x")
import os as a718
a718.system("x")
import os as a719
a719.system("x")
import os as a720
a720.system("x")
import os as a721
a721.system("x")
import os as a722
a722.system("x")
import os as a723
a723.system("x")
import os as a724
a724.system("x")
import os as a725
a725.system("x")
import os as a726
a726.system("x")
import os as a727
a727.system("x")
import os as a728
a728.system("x")
import os as a729
a729.system("x")
import os as a730
a730.system("x")
import os as a731
a731.system("x")
import os as a732
a732.system("x")
import os as a733
a733.system("x")
import os as a734
a734.system("x")
import os as a735
a735.system("x")
import os as a736
a736.system("x")
import os as a737
a737.system("x")
import os as a738
a738.system("x")
import os as a739
a739.system("x")
import os as a740
a740.system("x")
import os as a741
a741.system("x")
import os as a742
a742.system("x")
import os as a743
a743.system("x")
import os as a744
a744.system("x")
import os as a745
a745.system("x")
import os as a746
a746.system("x")
import os as a747
a747.system("x")
import os as a748
a748.system("x")
import os as a749
a749.system("x")
import os as a750
a750.system("x")
import os as a751
a751.system("x")
import os as a752
a752.system("x")
import os as a753
a753.system("x")
import os as a754
a754.system("x")
import os as a755
a755.system("x")
import os as a756
a756.system("x")
import os as a757
a757.system("x")
import os as a758
a758.system("x")
import os as a759
a759.system("x")
import os as a760
a760.system("x")
import os as a761
a761.system("x")
import os as a762
a762.system("x")
import os as a763
a763.system("x")
import os as a764
a764.system("x")
import os as a765
a765.system("x")
import os as a766
a766.system("x")
import os as a767
a767.system("x")
import os as a768
a768.system("x")
import os as a769
a769.system("x")
import os as a770
a770.system("x")
import os as a771
a771.system("x")
import os as a772
a772.system("x")
import os as a773
a773.system("x")
import os as a774
a774.system("x")
import os as a775
a775.system("x")
import os as a776
a776.system("x")
import os as a777
a777.system("x")
import os as a778
a778.system("x")
import os as a779
a779.system("x")
import os as a780
a780.system("x")
import os as a781
a781.system("x")
import os as a782
a782.system("x")
import os as a783
a783.system("x")
import os as a784
a784.system("x")
import os as a785
a785.system("x")
import os as a786
a786.system("x")
import os as a787
a787.system("x")
import os as a788
a788.system("x")
import os as a789
a789.system("x")
import os as a790
a790.system("x")
import os as a791
a791.system("x")
import os as a792
a792.system("x")
import os as a793
a793.system("x")
import os as a794
a794.system("x")
import os as a795
a795.system("x")
import os as a796
a796.system("x")
import os as a797
a797.system("x")
import os as a798
a798.system("x")
import os as a799
a799.system("x")
import os as a800
a800.system("x")
import os as a801
a801.system("x")
import os as a802
a802.system("x")
import os as a803
a803.system("x")
import os as a804
a804.system("x")
import os as a805
a805.system("x")
import os as a806
a806.system("x")
import os as a807
a807.system("x")
import os as a808
a808.system("x")
import os as a809
a809.system("x")
import os as a810
a810.system("x")
import os as a811
a811.system("x")
import os as a812
a812.system("x")
import os as a813
a813.system("x")
import os as a814
a814.system("x")
import os as a815
a815.system("x")
import os as a816
a816.system("x")
import os as a817
a817.system("x")
import os as a818
a818.system("x")
import os as a819
a819.system("x")
import os as a820
a820.system("x")
import os as a821
a821.system("x")
import os as a822
a822.system("x")
import os as a823
a823.system("x")
import os as a824
a824.system("x")
import os as a825
a825.system("x")
import os as a826
a826.system("x")
import os as a827
a827.system("x")
import os as a828
a828.system("x")
import os as a829
a829.system("x")
import os as a830
a830.system("x")
import os as a831
a831.system("x")
import os as a832
a832.system("x")
import os as a833
a833.system("x")
import os as a834
a834.system("x")
import os as a835
a835.system("x")
import os as a836
a836.system("x")
import os as a837
a837.system("x")
import os as a838
a838.system("x")
import os as a839
a839.system("x")
import os as a840
a840.system("x")
import os as a841
a841.system("x")
import os as a842
a842.system("x")
import os as a843
a843.system("x")
import os as a844
a844.system("x")
import os as a845
a845.system("x")
import os as a846
a846.system("x")
import os as a847
a847.system("x")
import os as a848
a848.system("x")
import os as a849
a849.system("x")
import os as a850
a850.system("x")
import os as a851
a851.system("x")
import os as a852
a852.system("x")
import os as a853
a853.system("x")
import os as a854
a854.system("x")
import os as a855
a855.system("x")
import os as a856
a856.system("x")
import os as a857
a857.system("x")
import os as a858
a858.system("x")
import os as a859
a859.system("x")
import os as a860
a860.system("x")
import os as a861
a861.system("x")
import os as a862
a862.system("x")
import os as a863
a863.system("x")
import os as a864
a864.system("x")
import os as a865
a865.system("x")
import os as a866
a866.system("x")
import os as a867
a867.system("x")
import os as a868
a868.system("x")
import os as a869
a869.system("x")
import os as a870
a870.system("x")
import os as a871
a871.system("x")
import os as a872
a872.system("x")
import os as a873
a873.system("x")
import os as a874
a874.system("x")
import os as a875
a875.system("x")
import os as a876
a876.system("x")
import os as a877
a877.system("x")
import os as a878
a878.system("x")
import os as a879
a879.system("x")
import os as a880
a880.system("x")
import os as a881
a881.system("x")
import os as a882
a882.system("x")
import os as a883
a883.system("x")
import os as a884
a884.system("x")
import os as a885
a885.system("x")
import os as a886
a886.system("x")
import os as a887
a887.system("x")
import os as a888
a888.system("x")
import os as a889
a889.system("x")
import os as a890
a890.system("x")
import os as a891
a891.system("x")
import os as a892
a892.system("x")
import os as a893
a893.system("x")
import os as a894
a894.system("x")
import os as a895
a895.system("x")
import os as a896
a896.system("x")
import os as a897
a897.system("x")
import os as a898
a898.system("x")
import os as a899
a899.system("x")
import os as a900
a900.system("x")
import os as a901
a901.system("x")
import os as a902
a902.system("x")
import os as a903
a903.system("x")
import os as a904
a904.system("x")
import os as a905
a905.system("x")
import os as a906
a906.system("x")
import os as a907
a907.system("x")
import os as a908
a908.system("x")
import os as a909
a909.system("x")
import os as a910
a910.system("x")
import os as a911
a911.system("x")
import os as a912
a912.system("x")
import os as a913
a913.system("x")
import os as a914
a914.system("x")
import os as a915
a915.system("x")
import os as a916
a916.system("x")
import os as a917
a917.system("x")
import os as a918
a918.system("x")
import os as a919
a919.system("x")
import os as a920
a920.system("x")
import os as a921
a921.system("x")
import os as a922
a922.system("x")
import os as a923
a923.system("x")
import os as a924
a924.system("x")
import os as a925
a925.system("x")
import os as a926
a926.system("x")
import os as a927
a927.system("x")
import os as a928
a928.system("x")
import os as a929
a929.system("x")
import os as a930
a930.system("x")
import os as a931
a931.system("x")
import os as a932
a932.system("x")
import os as a933
a933.system("x")
import os as a934
a934.system("x")
import os as a935
a935.system("x")
import os as a936
a936.system("x")
import os as a937
a937.system("x")
import os as a938
a938.system("x")
import os as a939
a939.system("x")
import os as a940
a940.system("x")
import os as a941
a941.system("x")
import os as a942
a942.system("x")
import os as a943
a943.system("x")
import os as a944
a944.system("x")
import os as a945
a945.system("x")
import os as a946
a946.system("x")
import os as a947
a947.system("x")
import os as a948
a948.system("x")
import os as a949
a949.system("x")
import os as a950
a950.system("x")
import os as a951
a951.system("x")
import os as a952
a952.system("x")
import os as a953
a953.system("x")
import os as a954
a954.system("x")
import os as a955
a955.system("x")
import os as a956
a956.system("x")
import os as a957
a957.system("x")
import os as a958
a958.system("x")
import os as a959
a959.system("x")
import os as a960
a960.system("x")
import os as a961
a961.system("x")
import os as a962
a962.system("x")
import os as a963
a963.system("x")
import os as a964
a964.system("x")
import os as a965
a965.system("x")
import os as a966
a966.system("x")
import os as a967
a967.system("x")
import os as a968
a968.system("x")
import os as a969
a969.system("x")
import os as a970
a970.system("x")
import os as a971
a971.system("x")
import os as a972
a972.system("x")
import os as a973
a973.system("x")
import os as a974
a974.system("x")
import os as a975
a975.system("x")
import os as a976
a976.system("x")
import os as a977
a977.system("x")
import os as a978
a978.system("x")
import os as a979
a979.system("x")
import os as a980
a980.system("x")
import os as a981
a981.system("x")
import os as a982
a982.system("x")
import os as a983
a983.system("x")
import os as a984
a984.system("x")
import os as a985
a985.system("x")
import os as a986
a986.system("x")
import os as a987
a987.system("x")
import os as a988
a988.system("x")
import os as a989
a989.system("x")
import os as a990
a990.system("x")
import os as a991
a991.system("x")
import os as a992
a992.system("x")
import os as a993
a993.system("x")
import os as a994
a994.system("x")
import os as a995
a995.system("x")
import os as a996
a996.system("x")
import os as a997
a997.system("x")
import os as a998
a998.system("x")
import os as a999
a999.system("x")
import os as a1000
a1000.system("x")
import os as a1001
a1001.system("x")
import os as a1002
a1002.system("x")
import os as a1003
a1003.system("x")
import os as a1004
a1004.system("x")
import os as a1005
a1005.system("x")
import os as a1006
a1006.system("x")
import os as a1007
a1007.system("x")
import os as a1008
a1008.system("x")
import os as a1009
a1009.system("x")
import os as a1010
a1010.system("x")
import os as a1011
a1011.system("x")
import os as a1012
a1012.system("x")
import os as a1013
a1013.system("x")
import os as a1014
a1014.system("x")
import os as a1015
a1015.system("x")
import os as a1016
a1016.system("x")
import os as a1017
a1017.system("x")
import os as a1018
a1018.system("x")
import os as a1019
a1019.system("x")
import os as a1020
a1020.system("x")
import os as a1021
a1021.system("x")
import os as a1022
a1022.system("x")
import os as a1023
a1023.system("x")
import os as a1024
a1024.system("x")
import os as a1025
a1025.system("x")
import os as a1026
a1026.system("x")
import os as a1027
a1027.system("x")
import os as a1028
a1028.system("x")
import os as a1029
a1029.system("x")
import os as a1030
a1030.system("x")
import os as a1031
a1031.system("x")
import os as a1032
a1032.system("x")
import os as a1033
a1033.system("x")
import os as a1034
a1034.system("x")
import os as a1035
a1035.system("x")
import os as a1036
a1036.system("x")
import os as a1037
a1037.system("x")
import os as a1038
a1038.system("x")
import os as a1039
a1039.system("x")
import os as a1040
a1040.system("x")
import os as a1041
a1041.system("x")
import os as a1042
a1042.system("x")
import os as a1043
a1043.system("x")
import os as a1044
a1044.system("x")
import os as a1045
a1045.system("x")
import os as a1046
a1046.system("x")
import os as a1047
a1047.system("x")
import os as a1048
a1048.system("x")
import os as a1049
a1049.system("x")
import os as a1050
a1050.system("x")
import os as a1051
a1051.system("x")
import os as a1052
a1052.system("x")
import os as a1053
a1053.system("x")
import os as a1054
a1054.system("x")
import os as a1055
a1055.system("x")
import os as a1056
a1056.system("x")
import os as a1057
a1057.system("x")
import os as a1058
a1058.system("x")
import os as a1059
a1059.system("x")
import os as a1060
a1060.system("x")
import os as a1061
a1061.system("x")
import os as a1062
a1062.system("x")
import os as a1063
a1063.system("x")
import os as a1064
a1064.system("x")
import os as a1065
a1065.system("x")
import os as a1066
a1066.system("x")
import os as a1067
a1067.system("x")
import os as a1068
a1068.system("x")
import os as a1069
a1069.system("x")
import os as a1070
a1070.system("x")
import os as a1071
a1071.system("x")
import os as a1072
a1072.system("x")
import os as a1073
a1073.system("x")
import os as a1074
a1074.system("x")
import os as a1075
a1075.system("x")
import os as a1076
a1076.system("x")
import os as a1077
a1077.system("x")
import os as a1078
a1078.system("x")
import os as a1079
a1079.system("x")
import os as a1080
a1080.system("x")
import os as a1081
a1081.system("x")
import os as a1082
a1082.system("x")
import os as a1083
a1083.system("x")
import os as a1084
a1084.system("x")
import os as a1085
a1085.system("x")
import os as a1086
a1086.system("x")
import os as a1087
a1087.system("x")
import os as a1088
a1088.system("x")
import os as a1089
a1089.system("x")
import os as a1090
a1090.system("x")
import os as a1091
a1091.system("x")
import os as a1092
a1092.system("x")
import os as a1093
a1093.system("x")
import os as a1094
a1094.system("x")
import os as a1095
a1095.system("x")
import os as a1096
a1096.system("x")
import os as a1097
a1097.system("x")
import os as a1098
a1098.system("x")
import os as a1099
a1099.system("x")
import os as a1100
a1100.system("x")
import os as a1101
a1101.system("x")
import os as a1102
a1102.system("x")
import os as a1103
a1103.system("x")
import os as a1104
a1104.system("x")
import os as a1105
a1105.system("x")
import os as a1106
a1106.system("x")
import os as a1107
a1107.system("x")
import os as a1108
a1108.system("x")
import os as a1109
a1109.system("x")
import os as a1110
a1110.system("x")
import os as a1111
a1111.system("x")
import os as a1112
a1112.system("x")
import os as a1113
a1113.system("x")
import os as a1114
a1114.system("x")
import os as a1115
a1115.system("x")
import os as a1116
a1116.system("x")
import os as a1117
a1117.system("x")
import os as a1118
a1118.system("x")
import os as a1119
a1119.system("x")
import os as a1120
a1120.system("x")
import os as a1121
a1121.system("x")
import os as a1122
a1122.system("x")
import os as a1123
a1123.system("x")
import os as a1124
a1124.system("x")
import os as a1125
a1125.system("x")
import os as a1126
a1126.system("x")
import os as a1127
a1127.system("x")
import os as a1128
a1128.system("x")
import os as a1129
a1129.system("x")
import os as a1130
a1130.system("x")
import os as a1131
a1131.system("x")
import os as a1132
a1132.system("x")
import os as a1133
a1133.system("x")
import os as a1134
a1134.system("x")
import os as a1135
a1135.system("x")
import os as a1136
a1136.system("x")
import os as a1137
a1137.system("x")
import os as a1138
a1138.system("x")
import os as a1139
a1139.system("x")
import os as a1140
a1140.system("x")
import os as a1141
a1141.system("x")
import os as a1142
a1142.system("x")
import os as a1143
a1143.system("x")
import os as a1144
a1144.system("x")
import os as a1145
a1145.system("x")
import os as a1146
a1146.system("x")
import os as a1147
a1147.system("x")
import os as a1148
a1148.system("x")
import os as a1149
a1149.system("x")
import os as a1150
a1150.system("x")
import os as a1151
a1151.system("x")
import os as a1152
a1152.system("x")
import os as a1153
a1153.system("x")
import os as a1154
a1154.system("x")
import os as a1155
a1155.system("x")
import os as a1156
a1156.system("x")
import os as a1157
a1157.system("x")
import os as a1158
a1158.system("x")
import os as a1159
a1159.system("x")
import os as a1160
a1160.system("x")
import os as a1161
a1161.system("x")
import os as a1162
a1162.system("x")
import os as a1163
a1163.system("x")
import os as a1164
a1164.system("x")
import os as a1165
a1165.system("x")
import os as a1166
a1166.system("x")
import os as a1167
a1167.system("x")
import os as a1168
a1168.system("x")
import os as a1169
a1169.system("x")
import os as a1170
a1170.system("x")
import os as a1171
a1171.system("x")
import os as a1172
a1172.system("x")
import os as a1173
a1173.system("x")
import os as a1174
a1174.system("x")
import os as a1175
a1175.system("x")
import os as a1176
a1176.system("x")
import os as a1177
a1177.system("x")
import os as a1178
a1178.system("x")
import os as a1179
a1179.system("x")
import os as a1180
a1180.system("x")
import os as a1181
a1181.system("x")
import os as a1182
a1182.system("x")
import os as a1183
a1183.system("x")
import os as a1184
a1184.system("x")
import os as a1185
a1185.system("x")
import os as a1186
a1186.system("x")
import os as a1187
a1187.system("x")
import os as a1188
a1188.system("x")
import os as a1189
a1189.system("x")
import os as a1190
a1190.system("x")
import os as a1191
a1191.system("x")
import os as a1192
a1192.system("x")
import os as a1193
a1193.system("x")
import os as a1194
a1194.system("x")
import os as a1195
a1195.system("x")
import os as a1196
a1196.system("x")
import os as a1197
a1197.system("x")
import os as a1198
a1198.system("x")
import os as a1199
a1199.system("x")
import os as a1200
a1200.system("x")
import os as a1201
a1201.system("x")
import os as a1202
a1202.system("x")
import os as a1203
a1203.system("x")
import os as a1204
a1204.system("x")
import os as a1205
a1205.system("x")
import os as a1206
a1206.system("x")
import os as a1207
a1207.system("x")
import os as a1208
a1208.system("x")
import os as a1209
a1209.system("x")
import os as a1210
a1210.system("x")
import os as a1211
a1211.system("x")
import os as a1212
a1212.system("x")
import os as a1213
a1213.system("x")
import os as a1214
a1214.system("x")
import os as a1215
a1215.system("x")
import os as a1216
a1216.system("x")
import os as a1217
a1217.system("x")
import os as a1218
a1218.system("x")
import os as a1219
a1219.system("x")
import os as a1220
a1220.system("x")
import os as a1221
a1221.system("x")
import os as a1222
a1222.system("x")
import os as a1223
a1223.system("x")
import os as a1224
a1224.system("x")
import os as a1225
a1225.system("x")
import os as a1226
a1226.system("x")
import os as a1227
a1227.system("x")
import os as a1228
a1228.system("x")
import os as a1229
a1229.system("x")
import os as a1230
a1230.system("x")
import os as a1231
a1231.system("x")
import os as a1232
a1232.system("x")
import os as a1233
a1233.system("x")
import os as a1234
a1234.system("x")
import os as a1235
a1235.system("x")
import os as a1236
a1236.system("x")
import os as a1237
a1237.system("x")
import os as a1238
a1238.system("x")
import os as a1239
a1239.system("x")
import os as a1240
a1240.system("x")
import os as a1241
a1241.system("x")
import os as a1242
a1242.system("x")
import os as a1243
a1243.system("x")
import os as a1244
a1244.system("x")
import os as a1245
a1245.system("x")
import os as a1246
a1246.system("x")
import os as a1247
a1247.system("x")
import os as a1248
a1248.system("x")
import os as a1249
a1249.system("x")
import os as a1250
a1250.system("x")
import os as a1251
a1251.system("x")
import os as a1252
a1252.system("x")
import os as a1253
a1253.system("x")
import os as a1254
a1254.system("x")
import os as a1255
a1255.system("x")
import os as a1256
a1256.system("x")
import os as a1257
a1257.system("x")
import os as a1258
a1258.system("x")
import os as a1259
a1259.system("x")
import os as a1260
a1260.system("x")
import os as a1261
a1261.system("x")
import os as a1262
a1262.system("x")
import os as a1263
a1263.system("x")
import os as a1264
a1264.system("x")
import os as a1265
a1265.system("x")
import os as a1266
a1266.system("x")
import os as a1267
a1267.system("x")
import os as a1268
a1268.system("x")
import os as a1269
a1269.system("x")
import os as a1270
a1270.system("x")
import os as a1271
a1271.system("x")
import os as a1272
a1272.system("x")
import os as a1273
a1273.system("x")
import os as a1274
a1274.system("x")
import os as a1275
a1275.system("x")
import os as a1276
a1276.system("x")
import os as a1277
a1277.system("x")
import os as a1278
a1278.system("x")
import os as a1279
a1279.system("x")
import os as a1280
a1280.system("x")
import os as a1281
a1281.system("x")
import os as a1282
a1282.system("x")
import os as a1283
a1283.system("x")
import os as a1284
a1284.system("x")
import os as a1285
a1285.system("x")
import os as a1286
a1286.system("x")
import os as a1287
a1287.system("x")
import os as a1288
a1288.system("x")
import os as a1289
a1289.system("x")
import os as a1290
a1290.system("x")
import os as a1291
a1291.system("x")
import os as a1292
a1292.system("x")
import os as a1293
a1293.system("x")
import os as a1294
a1294.system("x")
import os as a1295
a1295.system("x")
import os as a1296
a1296.system("x")
import os as a1297
a1297.system("x")
import os as a1298
a1298.system("x")
import os as a1299
a1299.system("x")
import os as a1300
a1300.system("x")
import os as a1301
a1301.system("x")
import os as a1302
a1302.system("x")
import os as a1303
a1303.system("x")
import os as a1304
a1304.system("x")
import os as a1305
a1305.system("x")
import os as a1306
a1306.system("x")
import os as a1307
a1307.system("x")
import os as a1308
a1308.system("x")
import os as a1309
a1309.system("x")
import os as a1310
a1310.system("x")
import os as a1311
a1311.system("x")
import os as a1312
a1312.system("x")
import os as a1313
a1313.system("x")
import os as a1314
a1314.system("x")
import os as a1315
a1315.system("x")
import os as a1316
a1316.system("x")
import os as a1317
a1317.system("x")
import os as a1318
a1318.system("x")
import os as a1319
a1319.system("x")
import os as a1320
a1320.system("x")
import os as a1321
a1321.system("x")
import os as a1322
a1322.system("x")
import os as a1323
a1323.system("x")
import os as a1324
a1324.system("x")
import os as a1325
a1325.system("x")
import os as a1326
a1326.system("x")
import os as a1327
a1327.system("x")
import os as a1328
a1328.system("x")
import os as a1329
a1329.system("x")
import os as a1330
a1330.system("x")
import os as a1331
a1331.system("x")
import os as a1332
a1332.system("x")
import os as a1333
a1333.system("x")
import os as a1334
a1334.system("x")
import os as a1335
a1335.system("x")
import os as a1336
a1336.system("x")
import os as a1337
a1337.system("x")
import os as a1338
a1338.system("x")
import os as a1339
a1339.system("x")
import os as a1340
a1340.system("x")
import os as a1341
a1341.system("x")
import os as a1342
a1342.system("x")
import os as a1343
a1343.system("x")
import os as a1344
a1344.system("x")
import os as a1345
a1345.system("x")
import os as a1346
a1346.system("x")
import os as a1347
a1347.system("x")
import os as a1348
a1348.system("x")
import os as a1349
a1349.system("x")
import os as a1350
a1350.system("x")
import os as a1351
a1351.system("x")
import os as a1352
a1352.system("x")
import os as a1353
a1353.system("x")
import os as a1354
a1354.system("x")
import os as a1355
a1355.system("x")
import os as a1356
a1356.system("x")
import os as a1357
a1357.system("x")
import os as a1358
a1358.system("x")
import os as a1359
a1359.system("x")
import os as a1360
a1360.system("x")
import os as a1361
a1361.system("x")
import os as a1362
a1362.system("x")
import os as a1363
a1363.system("x")
import os as a1364
a1364.system("x")
import os as a1365
a1365.system("x")
import os as a1366
a1366.system("x")
import os as a1367
a1367.system("x")
import os as a1368
a1368.system("x")
import os as a1369
a1369.system("x")
import os as a1370
a1370.system("x")
import os as a1371
a1371.system("x")
import os as a1372
a1372.system("x")
import os as a1373
a1373.system("x")
import os as a1374
a1374.system("x")
import os as a1375
a1375.system("x")
import os as a1376
a1376.system("x")
import os as a1377
a1377.system("x")
import os as a1378
a1378.system("x")
import os as a1379
a1379.system("x")
import os as a1380
a1380.system("x")
import os as a1381
a1381.system("x")
import os as a1382
a1382.system("x")
import os as a1383
a1383.system("x")
import os as a1384
a1384.system("x")
import os as a1385
a1385.system("x")
import os as a1386
a1386.system("x")
import os as a1387
a1387.system("x")
import os as a1388
a1388.system("x")
import os as a1389
a1389.system("x")
import os as a1390
a1390.system("x")
import os as a1391
a1391.system("x")
import os as a1392
a1392.system("x")
import os as a1393
a1393.system("x")
import os as a1394
a1394.system("x")
import os as a1395
a1395.system("x")
import os as a1396
a1396.system("x")
import os as a1397
a1397.system("x")
import os as a1398
a1398.system("x")
import os as a1399
a1399.system("x")
import os as a1400
a1400.system("x")
import os as a1401
a1401.system("x")
import os as a1402
a1402.system("x")
import os as a1403
a1403.system("x")
import os as a1404
a1404.system("x")
import os as a1405
a1405.system("x")
import os as a1406
a1406.system("x")
import os as a1407
a1407.system("x")
import os as a1408
a1408.system("x")
import os as a1409
a1409.system("x")
import os as a1410
a1410.system("x")
import os as a1411
a1411.system("x")
import os as a1412
a1412.system("x")
import os as a1413
a1413.system("x")
import os as a1414
a1414.system("x")
import os as a1415
a1415.system("x")
import os as a1416
a1416.system("x")
import os as a1417
a1417.system("x")
import os as a1418
a1418.system("x")
import os as a1419
a1419.system("x")
import os as a1420
a1420.system("x")
import os as a1421
a1421.system("x")
import os as a1422
a1422.system("x")
import os as a1423
a1423.system("x")
import os as a1424
a1424.system("x")
import os as a1425
a1425.system("x")
import os as a1426
a1426.system("x")
import os as a1427
a1427.system("x")
import os as a1428
a1428.system("x")
import os as a1429
a1429.system("x")
import os as a1430
a1430.system("x")
import os as a1431
a1431.system("x")
import os as a1432
a1432.system("x")
import os as a1433
a1433.system("x")
import os as a1434
a1434.system("x")
import os as a1435
a1435.system("x")
import os as a1436
a1436.system("x")
import os as a1437
a1437.system("x")
import os as a1438
a1438.system("x")
import os as a1439
a1439.system("x")
import os as a1440
a1440.system("x")
import os as a1441
a1441.system("x")
import os as a1442
a1442.system("x")
import os as a1443
a1443.system("x")
import os as a1444
a1444.system("x")
import os as a1445
a1445.system("x")
import os as a1446
a1446.system("x")
import os as a1447
a1447.system("x")
import os as a1448
a1448.system("x")
import os as a1449
a1449.system("x")
import os as a1450
a1450.system("x")
import os as a1451
a1451.system("x")
import os as a1452
a1452.system("x")
import os as a1453
a1453.system("x")
import os as a1454
a1454.system("x")
import os as a1455
a1455.system("x")
import os as a1456
a1456.system("x")
import os as a1457
a1457.system("x")
import os as a1458
a1458.system("x")
import os as a1459
a1459.system("x")
import os as a1460
a1460.system("x")
import os as a1461
a1461.system("x")
import os as a1462
a1462.system("x")
import os as a1463
a1463.system("x")
import os as a1464
a1464.system("x")
import os as a1465
a1465.system("x")
import os as a1466
a1466.system("x")
import os as a1467
a1467.system("x")
import os as a1468
a1468.system("x")
import os as a1469
a1469.system("x")
import os as a1470
a1470.system("x")
import os as a1471
a1471.system("x")
import os as a1472
a1472.system("x")
import os as a1473
a1473.system("x")
import os as a1474
a1474.system("x")
import os as a1475
a1475.system("x")
import os as a1476
a1476.system("x")
import os as a1477
a1477.system("x")
import os as a1478
a1478.system("x")
import os as a1479
a1479.system("x")
import os as a1480
a1480.system("x")
import os as a1481
a1481.system("x")
import os as a1482
a1482.system("x")
import os as a1483
a1483.system("x")
import os as a1484
a1484.system("x")
import os as a1485
a1485.system("x")
import os as a1486
a1486.system("x")
import os as a1487
a1487.system("x")
import os as a1488
a1488.system("x")
import os as a1489
a1489.system("x")
import os as a1490
a1490.system("x")
import os as a1491
a1491.system("x")
import os as a1492
a1492.system("x")
import os as a1493
a1493.system("x")
import os as a1494
a1494.system("x")
import os as a1495
a1495.system("x")
import os as a1496
a1496.system("x")
import os as a1497
a1497.system("x")
import os as a1498
a1498.system("x")
import os as a1499
a1499.system("x")
